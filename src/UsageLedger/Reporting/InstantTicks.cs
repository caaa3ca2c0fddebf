using System.Globalization;
using NodaTime;

namespace UsageLedger.Reporting;

/// <summary>An instant as a cursor holds it.</summary>
internal static class InstantTicks
{
    public static string Write(Instant instant) => instant.ToUnixTimeTicks().ToString(CultureInfo.InvariantCulture);

    public static Instant? Read(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ticks) ? Instant.FromUnixTimeTicks(ticks) : null;
}
