namespace UsageLedger.Cycles;

/// <summary>What the doors to cycles take and answer, as the OpenAPI document shows it.</summary>
internal static class CycleExamples
{
    public const string Close = """{"force":true,"reason":"The vendor has sent everything."}""";

    public const string Cycles = """
        {"cycles":[{"id":"2026-10-01","start":"2026-09-30T22:00:00Z","end":"2026-10-31T23:00:00Z","timeZone":"Europe/Berlin","status":"closing"}],
        "nextCursor":null}
        """;

    public const string Readiness = """
        {"clientId":"contoso",
        "cycle":{"id":"2026-10-01","start":"2026-09-30T22:00:00Z","end":"2026-10-31T23:00:00Z","timeZone":"Europe/Berlin","status":"closing"},
        "ready":false,"closableFrom":"2026-11-03T23:00:00Z",
        "preconditions":[{"name":"pending_costs","met":false,"figure":"12","goal":"0"},{"name":"unattributed","met":true,"figure":"0","goal":"0"},
        {"name":"coverage","met":true,"figure":null,"goal":"0.95"},{"name":"open_anomalies","met":true,"figure":"0","goal":"0"}]}
        """;

    public static readonly string Open = Report("open");
    public static readonly string Closed = Report("closed");

    private static string Report(string status) => $$"""
        {"clientId":"contoso",
        "cycle":{"id":"2026-10-01","start":"2026-09-30T22:00:00Z","end":"2026-10-31T23:00:00Z","timeZone":"Europe/Berlin","status":"{{status}}"},
        "lines":[{"provider":"retell","metric":"call.llm","agentId":"front-desk","unit":"second","quantity":"5400","cost":"5.4","currency":"USD","records":90,
        "quality":{"records":90,"revised":2,"voided":1,"pendingCost":0,"firstEventAt":"2026-10-01T06:12:09Z","lastEventAt":"2026-10-31T17:40:51Z","priceChanges":0}
        }],
        "adjustments":[{"originCycle":"2026-09-01","provider":"retell","metric":"call.llm","agentId":"front-desk","unit":"second",
        "quantity":"-60","cost":"-0.06","currency":"USD","records":1,
        "quality":{"records":1,"revised":0,"voided":1,"pendingCost":0,"firstEventAt":null,"lastEventAt":null,"priceChanges":0}
        }],
        "totals":[{"currency":"USD","cost":"5.34"}],
        "quality":{"records":90,"duplicates":12,"revised":2,"voided":1,"late":1,"pendingCost":0,"unattributed":0,"coverage":"1",
        "firstEventAt":"2026-10-01T06:12:09Z","lastEventAt":"2026-10-31T17:40:51Z","priceChanges":0},
        "position":1042}
        """;
}
