using System.Text;

namespace UsageLedger.EventLog;

/// <summary>UTF-8 bytes of one JSON value in RFC 8785 form; made by <see cref="Proof.CanonicalJsonReader"/> or <see cref="Proof.CanonicalJsonWriter"/>.</summary>
public readonly struct CanonicalJson(ReadOnlyMemory<byte> utf8) : IEquatable<CanonicalJson>
{
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    public bool Equals(CanonicalJson other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override bool Equals(object? obj) => obj is CanonicalJson other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);

    public static bool operator ==(CanonicalJson left, CanonicalJson right) => left.Equals(right);

    public static bool operator !=(CanonicalJson left, CanonicalJson right) => !left.Equals(right);
}
