namespace UsageLedger.Anomalies;

/// <summary>What the doors to anomalies are sent and answer, for the OpenAPI document.</summary>
internal static class AnomalyExamples
{
    public const string Acknowledge = """{"note":"A campaign; expected."}""";

    public const string Open = Found + """
        "status":"open","acknowledgedAt":null,"acknowledgedBy":null,"note":null}
        """;

    public const string Acknowledged = Found + """
        "status":"acknowledged","acknowledgedAt":"2026-10-20T17:20:00Z","acknowledgedBy":"0b7c2f2e-6d55-4d0f-8f0e-3f1d2c9f5b11","note":"A campaign; expected."}
        """;

    private const string Found = """
        {"id":"5d0c2f2e-0a6d-855d-8f0e-3f1d2c9f5b11","kind":"spike","clientId":"contoso","sourceId":null,"provider":"retell","metric":"call",
        "agentId":"sales","unit":"second","currency":"USD","since":"2026-10-20T14:00:00Z","hour":"2026-10-20T14:00:00Z",
        "expected":"1200","came":"5120","difference":"3920",
        "sentence":"contoso, retell call of agent sales: from 2026-10-20T14:00:00Z to 2026-10-20T15:00:00Z 1200 second were expected and 5120 came, 3920 more (+327 %).",
        "position":81234,"openedAt":"2026-10-20T17:00:12Z","resolvedHour":null,"resolvedAt":null,"resolution":null,
        "eventsUrl":"/v1/ledger/events?clientId=contoso&type=usage_recorded&from=2026-10-20T14:00:00Z&to=2026-10-20T17:00:12Z",
        "usageUrl":"/v1/usage?clientId=contoso&provider=retell&metric=call&agentId=sales&from=2026-10-20T14:00:00Z&to=2026-10-20T15:00:00Z&window=hour&groupBy=provider,metric,agentId",
        """;
}
