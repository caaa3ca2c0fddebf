namespace UsageLedger.Collecting.Runs;

internal static class CollectionExamples
{
    public const string Asked = """{"sourceId":"retell-main","from":"2026-10-01T00:00:00Z","to":"2026-11-01T00:00:00Z"}""";

    public const string Accepted = """{"runId":"5f0c8f6e-2d0b-4c39-9a55-0a4f0f6f7d10"}""";

    public const string Run = """
        {"runId":"5f0c8f6e-2d0b-4c39-9a55-0a4f0f6f7d10","sourceId":"retell-main","from":"2026-10-01T00:00:00Z","to":"2026-11-01T00:00:00Z",
         "status":"completed","pages":3,"records":2710,"accepted":2684,"duplicates":20,"revised":6,"rejected":0,
         "startedAt":"2026-11-02T08:00:00Z","endedAt":"2026-11-02T08:00:09Z","error":null}
        """;

    public const string Runs = $$"""{"items":[{{Run}}],"nextCursor":null}""";

    public const string Lag = """
        {"items":[{"sourceId":"retell-main","cursor":"2026-11-02T08:00:00Z","lastCompletedAt":"2026-11-02T08:00:09Z","pollingLagSeconds":0,
         "webhookLagSeconds":2,"pendingCosts":4,"oldestPendingAt":"2026-11-01T22:10:00Z","alarms":[]}],"nextCursor":null}
        """;
}
