using System.Globalization;
using NodaTime;

namespace UsageLedger.EventLog.Proof;

/// <summary>A caller's buffer that an entry is written into, part by part.</summary>
internal ref struct EntrySpan(Span<byte> destination)
{
    private const long TicksPerMicrosecond = 10;

    private readonly Span<byte> destination = destination;

    public int Length { get; private set; }

    private readonly Span<byte> Rest => destination[Length..];

    public void Literal(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Rest);
        Length += bytes.Length;
    }

    public void String(string text) => Length += CanonicalString.Write(text, Rest);

    public void Uuid(Guid id) => Advance(id.TryFormat(Rest, out var written), written);

    public void Integer(long value) => Advance(value.TryFormat(Rest, out var written, default, CultureInfo.InvariantCulture), written);

    public void Timestamp(Instant instant)
    {
        var ticks = instant.ToUnixTimeTicks();
        var below = ((ticks % TicksPerMicrosecond) + TicksPerMicrosecond) % TicksPerMicrosecond;
        Length += Rfc3339.Write(Instant.FromUnixTimeTicks(ticks - below), Rest);
    }

    private void Advance(bool fits, int written) =>
        Length += fits ? written : throw new ArgumentException("The buffer is too small for the entry; LogEntry.MaxLength tells its length.");
}
