namespace UsageLedger.Coverage;

/// <summary>What the doors to coverage take and answer, as the OpenAPI document shows it.</summary>
internal static class CoverageExamples
{
    public const string Coverage = """
        {"items":[{"sourceId":"retell-main","provider":"retell","from":"2026-10-01T00:00:00Z","to":"2026-10-01T03:00:00Z","coverage":"0.666666",
        "captureRate":"0.947368","webhookShare":"0.944444",
        "goals":{"coverage":"0.95","captureRate":"0.995","coverageReached":false,"captureRateReached":false},
        "hours":[{"hour":"2026-10-01T00:00:00Z","byWebhook":0,"byPoll":0,"both":7,"expected":7,"covered":true},
        {"hour":"2026-10-01T01:00:00Z","byWebhook":0,"byPoll":1,"both":8,"expected":9,"covered":true},
        {"hour":"2026-10-01T02:00:00Z","byWebhook":2,"byPoll":0,"both":0,"expected":3,"covered":false}],
        "days":[{"day":"2026-10-01","metrics":[{"metric":"call","expected":19,"found":18,"asOf":"2026-10-02T02:10:00Z"}],"captureRate":"0.947368"}],
        "holes":[{"sourceId":"retell-main","from":"2026-10-01T02:00:00Z","to":"2026-10-01T03:00:00Z","hours":1,"expected":3,"found":2}]}],"nextCursor":null}
        """;

    public const string Days = """
        {"items":[{"day":"2026-10-02","deadline":"2026-10-03T01:00:00Z","completeAt":null,"collectedAt":null,"late":true,"waitsFor":["twilio-main"]},
        {"day":"2026-10-01","deadline":"2026-10-02T01:00:00Z","completeAt":"2026-10-02T00:16:10Z","collectedAt":"2026-10-02T00:16:02Z","late":false,"waitsFor":[]}],
        "nextCursor":null}
        """;

    public const string Fill = """{"sourceId":"retell-main","from":"2026-10-01T00:00:00Z","to":"2026-10-08T00:00:00Z"}""";

    public const string Filling = """
        {"sourceId":"retell-main","runs":[{"runId":"5f0c8f6e-2d0b-4c39-9a55-0a4f0f6f7d10","from":"2026-10-01T02:00:00Z","to":"2026-10-01T03:00:00Z"}],"left":0}
        """;

    public const string Ask = """{"sourceId":"retell-main","from":"2026-10-01","to":"2026-10-07"}""";

    public const string Asked = """{"id":"0b6f2f36-0c9b-4e51-9be5-52b0f5d6a7c1"}""";
}
