namespace UsageLedger.Reporting;

/// <summary>What the door to usage answers, as the OpenAPI document shows it.</summary>
internal static class UsageExamples
{
    public const string Rows = """
        {"rows":[{"windowStart":"2026-09-30T22:00:00Z","windowEnd":"2026-10-01T22:00:00Z","provider":"retell","metric":"call.llm",
        "unit":"second","quantity":"180","cost":"0.18","currency":"USD","records":3}],"nextCursor":null,"position":1042}
        """;
}
