namespace UsageLedger.Recording;

/// <summary>What the recording doors take and answer, as the OpenAPI document shows it.</summary>
internal static class RecordingExamples
{
    public static readonly string[] RecordRequires = ["idempotencyKey", "provider", "metric", "quantity", "unit", "occurredAt"];
    public static readonly string[] EnvelopeRequires = ["specversion", "id", "source", "type"];

    public const string Record = """
        {"idempotencyKey":"call:8f3a:llm","source":"api","provider":"retell","metric":"call.llm","quantity":"61.5","unit":"second",
        "clientId":"contoso","agentId":"front-desk","resourceId":"call-8f3a","unitCost":"0.001","cost":"0.0615","currency":"USD",
        "occurredAt":"2026-10-31T23:00:00Z","attributes":{"direction":"inbound"},"revision":false}
        """;

    public const string Records = $"[{Record}]";

    public const string Lines = """
        {"idempotencyKey":"k1","provider":"retell","metric":"call.llm","quantity":"1","unit":"second","occurredAt":"2026-10-31T23:00:00Z"}
        {"idempotencyKey":"k2","provider":"retell","metric":"call.llm","quantity":"2","unit":"second","occurredAt":"2026-10-31T23:00:01Z"}

        """;

    public const string Envelope = """
        {"specversion":"1.0","id":"8f3a","source":"https://agents.example.com/calls","type":"call.llm","subject":"contoso",
        "time":"2026-10-31T23:00:00Z","datacontenttype":"application/json","data":{"quantity":"61.5","unit":"second","cost":"0.0615"}}
        """;

    public const string Envelopes = $"[{Envelope}]";

    public const string Answer = """
        {"accepted":1,"duplicates":0,"revised":0,"conflicts":0,"rejected":0,"position":1042,
        "items":[{"index":0,"status":"accepted","eventId":"5b0c8c9e-6c36-8d0f-9a27-0f7f5b1d2c3e","position":1042}]}
        """;

    public const string Void = """{"reason":"Reported twice by the vendor."}""";
}
