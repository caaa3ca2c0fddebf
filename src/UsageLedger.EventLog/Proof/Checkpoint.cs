using System.Globalization;

namespace UsageLedger.EventLog.Proof;

/// <summary>What the log says of itself at one size; as text the three lines of C2SP tlog-checkpoint.</summary>
/// <param name="Origin">Names the log, and is the name of its key.</param>
public sealed record Checkpoint(string Origin, long Size, ReadOnlyMemory<byte> RootHash)
{
    private const int LinesMax = 4;

    /// <exception cref="NoteFormatException">The text is not exactly what <see cref="ToText"/> writes.</exception>
    public static Checkpoint Parse(string text)
    {
        var lines = text.Split('\n', LinesMax);
        if (lines.Length != LinesMax || lines[^1].Length > 0)
        {
            throw new NoteFormatException("A checkpoint is three lines: origin, size, root.");
        }

        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || size.ToString(CultureInfo.InvariantCulture) != lines[1])
        {
            throw new NoteFormatException($"The checkpoint's size is no number of leaves: {lines[1]}.");
        }

        var root = NoteText.FromBase64(lines[2]);
        return root?.Length == TreeHasher.HashLength
            ? new Checkpoint(NoteText.KeyName(lines[0]), size, root)
            : throw new NoteFormatException("The checkpoint's root is not 32 bytes in base64.");
    }

    public string ToText() => string.Create(
        CultureInfo.InvariantCulture, $"{NoteText.KeyName(Origin)}\n{Size}\n{Convert.ToBase64String(RootHash.Span)}\n");

    public bool Equals(Checkpoint? other) =>
        other is not null && Origin == other.Origin && Size == other.Size && RootHash.Span.SequenceEqual(other.RootHash.Span);

    public override int GetHashCode() => HashCode.Combine(Origin, Size);
}
