using NodaTime;
using UsageLedger.Replaying;

namespace UsageLedger.Specs.Replaying;

public sealed class LineKeySpecs
{
    private static readonly LineKey Line = new(null, "retell", "call", null, "minute", "USD");

    [Fact]
    public void Lines_are_in_the_order_of_code_points_and_behind_adjustments()
    {
        var (august, september) = (Instant.FromUtc(2026, 8, 1, 0, 0), Instant.FromUtc(2026, 9, 1, 0, 0));
        LineKey[] ordered =
        [
            Line with { Origin = august, Provider = "z" }, Line with { Origin = september }, Line, Line with { AgentId = "Z" }, Line with { AgentId = "a" },
            Line with { AgentId = "ab" }, Line with { AgentId = "\uE000" }, Line with { AgentId = "\U0001F4B0" }, Line with { Metric = "calls" }, Line with { Provider = "twilio" },
        ];

        ordered.Reverse().Order(LineKey.Order).ShouldBe(ordered);
    }
}
