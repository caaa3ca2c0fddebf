using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

/// <summary>Bodies as senders write them, and how the ledger reads them.</summary>
internal static class Bodies
{
    public static readonly Instant Now = Instant.FromUtc(2026, 11, 20, 12, 0, 0);

    public const string Call = """
        {"idempotencyKey":"call-1","provider":"retell","metric":"call.seconds","quantity":"61","unit":"second","occurredAt":"2026-11-19T10:00:00Z"}
        """;

    /// <summary>The call with one member set to a JSON value, or removed if that is null.</summary>
    public static string With(string member, string? json)
    {
        var record = JsonNode.Parse(Call)!.AsObject();
        record.Remove(member);
        return json is null ? record.ToJsonString() : $"{record.ToJsonString()[..^1]},\"{member}\":{json}}}";
    }

    public static UsageBody Json(string body) => UsageBodyReader.ReadJson(Encoding.UTF8.GetBytes(body), Now);

    public static UsageBody Lines(string body) => UsageBodyReader.ReadLines(Encoding.UTF8.GetBytes(body), Now);

    /// <summary>The one record of a body that must be taken.</summary>
    public static UsageRecord Taken(string body)
    {
        var read = Json(body);
        read.Refusal.ShouldBeNull();
        read.Items.Count.ShouldBe(1);
        read.Items[0].Problems.ShouldBeEmpty();
        return read.Items[0].Record.ShouldNotBeNull();
    }

    /// <summary>The problems of the one record of a body, as "pointer code".</summary>
    public static string[] Problems(string body)
    {
        var read = Json(body);
        read.Refusal.ShouldBeNull();
        read.Items.Count.ShouldBe(1);
        read.Items[0].Record.ShouldBeNull();
        return [.. read.Items[0].Problems.Select(Told)];
    }

    public static string Told(FieldProblem problem)
    {
        problem.Message.ShouldEndWith(".");
        problem.Message.Length.ShouldBeInRange(10, 400);
        return $"{problem.At} {problem.Code}";
    }
}
