using Serilog.Events;
using UsageLedger.Host.Logging;

namespace UsageLedger.Specs.Web;

/// <summary>What somebody puts into a path or a name reaches the log as text, and as nothing else.</summary>
public sealed class LogTextSpecs
{
    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public void A_caller_neither_begins_a_line_nor_steers_the_terminal_nor_turns_the_text(string format)
    {
        using var output = new StringWriter();
        using (var log = LedgerLogging.Create(format, LogEventLevel.Information, output))
            log.Information("GET {Path} answered", "/a\r\n12:00:00.000 INF forged\u001b[2J\u202e\u2028\u0085b");

        var lines = output.ToString().TrimEnd().Split('\n');
        lines.Skip(1).ShouldAllBe(line => line.StartsWith("    ", StringComparison.Ordinal));
        foreach (var unseen in "\u001b\u202e\u2028\u0085")
            output.ToString().ShouldNotContain(unseen.ToString());
        output.ToString().ShouldContain("forged");
        output.ToString().ShouldEndWith(Environment.NewLine);
    }

    [Fact]
    public void An_ordinary_line_stays_as_it_is() => LogText.Plain("12:00 INF Größe 42\tm²\n").ShouldBe("12:00 INF Größe 42\tm²\n");
}
