using System.Globalization;
using NodaTime;

namespace UsageLedger.Reporting;

/// <summary>An instant as a cursor holds it.</summary>
internal static class InstantTicks
{
    private static readonly long First = Instant.FromUtc(1, 1, 1, 0, 0).ToUnixTimeTicks();
    private static readonly long Last = Instant.FromUtc(9999, 12, 31, 23, 59, 59).ToUnixTimeTicks() + NodaConstants.TicksPerSecond - 1;

    public static string Write(Instant instant) => instant.ToUnixTimeTicks().ToString(CultureInfo.InvariantCulture);

    /// <summary>Null when it is no instant that a calendar goes on before and after.</summary>
    public static Instant? Read(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ticks) && ticks >= First && ticks <= Last
            ? Instant.FromUnixTimeTicks(ticks)
            : null;
}
