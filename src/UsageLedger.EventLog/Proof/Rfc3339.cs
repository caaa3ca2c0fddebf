using System.Globalization;
using NodaTime;

namespace UsageLedger.EventLog.Proof;

/// <summary>Instants as the ledger writes them everywhere: UTC with <c>Z</c>, up to seven digits of fraction, no trailing zeros.</summary>
public static class Rfc3339
{
    /// <summary>The longest form: <c>2026-10-31T23:00:00.1234567Z</c>.</summary>
    public const int MaxLength = 28;

    private const int FractionDigits = 7;

    public static string Format(Instant instant)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        return System.Text.Encoding.ASCII.GetString(buffer[..Write(instant, buffer)]);
    }

    /// <summary>Writes the instant, cut to 100 ns, and returns the bytes written.</summary>
    public static int Write(Instant instant, Span<byte> destination)
    {
        var time = instant.ToDateTimeUtc();
        if (!time.TryFormat(destination, out var at, "s", CultureInfo.InvariantCulture))
        {
            throw new ArgumentException($"An instant takes up to {MaxLength} bytes.", nameof(destination));
        }

        var fraction = (int)(time.Ticks % TimeSpan.TicksPerSecond);
        if (fraction != 0)
        {
            destination[at++] = (byte)'.';
            at += WriteFraction(fraction, destination.Slice(at, FractionDigits));
        }

        destination[at] = (byte)'Z';
        return at + 1;
    }

    private static int WriteFraction(int ticks, Span<byte> digits)
    {
        for (var i = FractionDigits - 1; i >= 0; i--)
        {
            (ticks, var digit) = int.DivRem(ticks, 10);
            digits[i] = (byte)('0' + digit);
        }

        return digits.TrimEnd((byte)'0').Length;
    }
}
