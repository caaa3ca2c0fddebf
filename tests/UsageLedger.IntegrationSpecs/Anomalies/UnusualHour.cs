using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace UsageLedger.IntegrationSpecs.Anomalies;

/// <summary>Forty calls in each of six hours of five weeks, and in the last hour of the sixth week five times as many.</summary>
internal static class UnusualHour
{
    private const int WeeksBack = 5;
    private const int Usual = 40;
    private const int Unusual = 200;

    /// <summary>The records, a line each.</summary>
    /// <param name="last">When the unusual hour begins.</param>
    public static IEnumerable<string> Lines(Instant last, string client) =>
        from week in Enumerable.Range(0, WeeksBack + 1)
        from back in Enumerable.Range(0, 6)
        from line in Lines(last - Duration.FromDays(7 * week) - Duration.FromHours(back), week == 0 && back == 0 ? Unusual : Usual, client)
        select line;

    /// <summary>Calls of one hour, the first of them at its beginning.</summary>
    public static IEnumerable<string> Lines(Instant hour, int calls, string client) => Enumerable.Range(0, calls).Select(call =>
        string.Create(CultureInfo.InvariantCulture, $$"""
            {"idempotencyKey":"{{client}} {{hour}} {{call}}","clientId":"{{client}}","provider":"voice","metric":"call","quantity":"60","unit":"second","unitCost":"0.00125","occurredAt":"{{InstantPattern.ExtendedIso.Format(hour + Duration.FromSeconds(call * 10))}}"}
            """));
}
