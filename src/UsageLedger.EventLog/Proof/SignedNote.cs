using System.Buffers.Binary;
using System.Text;

namespace UsageLedger.EventLog.Proof;

/// <summary>A text with the signatures under it (C2SP signed-note).</summary>
/// <param name="Text">Ends with a newline; the signatures cover it whole.</param>
public sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    private const int LengthMax = 128 * 1024;
    private const int SignaturesMax = 16;
    private const string Separator = "\n\n";

    /// <summary>Signs the text under the key's name.</summary>
    public static SignedNote Sign(string text, string keyName, SigningKey key)
    {
        RefuseUnsignable(text);
        return new SignedNote(text, [new NoteSignature(NoteText.KeyName(keyName), key.Public.KeyId(keyName), key.Sign(Encoding.UTF8.GetBytes(text)))]);
    }

    /// <exception cref="NoteFormatException">The text is no signed note; the message says where.</exception>
    public static SignedNote Parse(string note)
    {
        if (note.Length > LengthMax)
        {
            throw new NoteFormatException($"A note has at most {LengthMax} characters; this one has {note.Length}.");
        }

        var end = note.LastIndexOf(Separator, StringComparison.Ordinal);
        if (end < 0 || !note.EndsWith('\n') || end + Separator.Length == note.Length)
        {
            throw new NoteFormatException("A note is a text, an empty line, and one or more signature lines.");
        }

        var text = note[..(end + 1)];
        RefuseUnsignable(text);
        var lines = note[(end + Separator.Length)..^1].Split('\n');
        return lines.Length <= SignaturesMax
            ? new SignedNote(text, [.. lines.Select(NoteSignature.Parse)])
            : throw new NoteFormatException($"A note has at most {SignaturesMax} signatures; this one has {lines.Length}.");
    }

    /// <summary>Whether the key with this name signed the text. Signatures of other keys are passed over.</summary>
    public NoteVerdict Verify(string keyName, VerifyingKey key)
    {
        var (id, text, verdict) = (key.KeyId(keyName), Encoding.UTF8.GetBytes(Text), NoteVerdict.NotSigned);
        foreach (var signature in Signatures)
        {
            if (signature.KeyName != keyName || signature.KeyId != id)
            {
                continue;
            }

            if (!key.Verify(text, signature.Value.Span))
            {
                return NoteVerdict.Forged;
            }

            verdict = NoteVerdict.Genuine;
        }

        return verdict;
    }

    public override string ToString() => $"{Text}\n{string.Concat(Signatures.Select(signature => signature + "\n"))}";

    private static void RefuseUnsignable(string text)
    {
        if (!text.EndsWith('\n') || text.Any(c => c < ' ' && c != '\n'))
        {
            throw new NoteFormatException("A note's text ends with a newline and holds no other control characters.");
        }
    }
}

/// <summary>What a key says of a note.</summary>
public enum NoteVerdict
{
    /// <summary>No signature is of this key.</summary>
    NotSigned,

    /// <summary>A signature claims to be of this key and is not, or the text was changed.</summary>
    Forged,
    Genuine,
}

/// <summary>A signature line of a note.</summary>
/// <param name="KeyId">With the name it tells which key to check with; no proof of anything by itself.</param>
public sealed record NoteSignature(string KeyName, uint KeyId, ReadOnlyMemory<byte> Value)
{
    private const string Dash = "\u2014 ";
    private const int KeyIdLength = sizeof(uint);

    /// <exception cref="NoteFormatException">The line is no signature line.</exception>
    public static NoteSignature Parse(string line)
    {
        var space = line.LastIndexOf(' ');
        if (!line.StartsWith(Dash, StringComparison.Ordinal) || space < Dash.Length)
        {
            throw new NoteFormatException($"A signature line is a dash (U+2014), a key name and a signature: \"{line}\".");
        }

        var bytes = NoteText.FromBase64(line[(space + 1)..]);
        return bytes?.Length > KeyIdLength
            ? new NoteSignature(NoteText.KeyName(line[Dash.Length..space]), BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(KeyIdLength))
            : throw new NoteFormatException($"A signature is four bytes of key id and the signature proper, in base64: \"{line}\".");
    }

    public override string ToString()
    {
        var bytes = new byte[KeyIdLength + Value.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Value.CopyTo(bytes.AsMemory(KeyIdLength));
        return $"{Dash}{KeyName} {Convert.ToBase64String(bytes)}";
    }
}
