using NodaTime;

namespace UsageLedger.Recording;

/// <summary>How a text read as an instant.</summary>
public enum InstantReading
{
    Read,
    NotAnInstant,
    NoOffset
}

/// <summary>
/// Instants as senders write them in RFC 3339, kept to the microsecond: further digits are cut, not rounded, so that no record slips over a
/// boundary. For the same reason a leap second, which UTC allows only at the end of a month, is kept as the last microsecond before it.
/// </summary>
public static class InstantText
{
    private const int SecondsEnd = 19;
    private const int OffsetLength = 6;
    private const long TicksPerMicrosecond = 10;

    /// <summary>The code and message of why the text is no instant, or null.</summary>
    public static (string Code, string Message)? Broken(ReadOnlySpan<byte> utf8, out Instant instant) => Read(utf8, out instant) switch
    {
        InstantReading.Read => null,
        InstantReading.NoOffset => (Refusals.MissingOffset, "must end with Z or an offset such as +02:00"),
        _ => (Refusals.NotAnInstant, "must be an RFC 3339 instant such as 2026-10-31T23:00:00Z"),
    };

    public static InstantReading Read(ReadOnlySpan<byte> utf8, out Instant instant)
    {
        instant = default;
        if (utf8.Length < SecondsEnd || !TryLocal(utf8, out var local, out var leap))
        {
            return InstantReading.NotAnInstant;
        }

        var at = SecondsEnd;
        if (!TryFraction(utf8, ref at, out var microseconds))
        {
            return InstantReading.NotAnInstant;
        }

        if (at == utf8.Length)
        {
            return InstantReading.NoOffset;
        }

        if (!TryOffset(utf8[at..], out var offsetMinutes))
        {
            return InstantReading.NotAnInstant;
        }

        var ticks = local.Ticks - (offsetMinutes * TimeSpan.TicksPerMinute);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks || (leap && !EndsAMonth(new DateTime(ticks))))
        {
            return InstantReading.NotAnInstant;
        }

        ticks += (leap ? 999_999 : microseconds) * TicksPerMicrosecond;
        instant = Instant.FromUnixTimeTicks(ticks - DateTime.UnixEpoch.Ticks);
        return InstantReading.Read;
    }

    private static bool TryLocal(ReadOnlySpan<byte> utf8, out DateTime local, out bool leap)
    {
        local = default;
        leap = false;
        if (utf8[4] != '-' || utf8[7] != '-' || utf8[10] is not ((byte)'T' or (byte)'t') || utf8[13] != ':' || utf8[16] != ':')
        {
            return false;
        }

        var (century, yearOf, month, day) = (Two(utf8, 0), Two(utf8, 2), Two(utf8, 5), Two(utf8, 8));
        var (hour, minute, second) = (Two(utf8, 11), Two(utf8, 14), Two(utf8, 17));
        var year = (century * 100) + yearOf;
        if (century < 0 || yearOf < 0 || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60)
        {
            return false;
        }

        leap = second == 60;
        local = new DateTime(year, month, day, hour, minute, leap ? 59 : second, DateTimeKind.Utc);
        return true;
    }

    private static bool TryFraction(ReadOnlySpan<byte> utf8, ref int at, out long microseconds)
    {
        microseconds = 0;
        if (at == utf8.Length || utf8[at] != '.')
        {
            return true;
        }

        var start = ++at;
        var unit = 100_000L;
        for (; at < utf8.Length && utf8[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            microseconds += (utf8[at] - '0') * unit;
            unit /= 10;
        }

        return at > start;
    }

    private static bool TryOffset(ReadOnlySpan<byte> utf8, out int minutes)
    {
        minutes = 0;
        if (utf8.Length == 1)
        {
            return utf8[0] is (byte)'Z' or (byte)'z';
        }

        if (utf8.Length != OffsetLength || utf8[3] != ':' || utf8[0] is not ((byte)'+' or (byte)'-'))
        {
            return false;
        }

        var (hour, minute) = (Two(utf8, 1), Two(utf8, 4));
        minutes = ((hour * 60) + minute) * (utf8[0] == '-' ? -1 : 1);
        return hour is >= 0 and <= 23 && minute is >= 0 and <= 59;
    }

    private static bool EndsAMonth(DateTime utc) =>
        utc.Hour == 23 && utc.Minute == 59 && utc.Day == DateTime.DaysInMonth(utc.Year, utc.Month);

    private static int Two(ReadOnlySpan<byte> utf8, int at) =>
        utf8[at] is >= (byte)'0' and <= (byte)'9' && utf8[at + 1] is >= (byte)'0' and <= (byte)'9'
            ? ((utf8[at] - '0') * 10) + (utf8[at + 1] - '0')
            : -1000;
}
