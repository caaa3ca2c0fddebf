using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>One way in which usage is sent, and a good record of it.</summary>
/// <param name="Inside">What ends the object that holds the figures and what is around it.</param>
internal sealed record HostileForm(string MediaType, string Path, string Record, string Inside, bool IsEvent)
{
    private const string Usage = """{"idempotencyKey":"good","provider":"p","metric":"m","quantity":"1","unit":"u","occurredAt":"2026-10-02T10:00:00Z"}""";
    private const string Event = """{"specversion":"1.0","id":"good","source":"s","type":"m","time":"2026-10-02T10:00:00Z","data":{"quantity":"1"}}""";

    public static IReadOnlyList<HostileForm> All { get; } =
    [
        new(Caller.Json, "/v1/usage", Usage, "}", false),
        new(Caller.Lines, "/v1/usage", Usage, "}", false),
        new(Caller.CloudEvent, "/v1/events", Event, "}}", true),
        new(Caller.CloudEventBatch, "/v1/events", Event, "}}", true),
    ];

    public string With(string member) => $"{Record[..^Inside.Length]},{member}{Inside}";

    /// <summary>An event's data are its attributes.</summary>
    public string WithAttributes(string members) => With(IsEvent ? members : $"\"attributes\":{{{members}}}");

    public string Replaced(string good, string hostile) => Record.Replace(good, hostile, StringComparison.Ordinal);

    /// <summary>The body of one record.</summary>
    public string Body(string record) => MediaType == Caller.CloudEventBatch ? $"[{record}]" : record;

    public string Many(IEnumerable<string> records) => MediaType == Caller.Lines ? string.Join('\n', records) : $"[{string.Join(',', records)}]";
}
