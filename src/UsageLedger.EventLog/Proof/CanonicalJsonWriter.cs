using System.Text.Unicode;

namespace UsageLedger.EventLog.Proof;

/// <summary>
/// Writes canonical JSON whose members the caller gives in ordinal order of their names. One writer serves many values,
/// one after another: <see cref="Take"/> hands out a copy of exact size and starts over. Not for several threads at once.
/// </summary>
public sealed class CanonicalJsonWriter
{
    private const int DepthMax = 64;
    private const int KeptMax = 64 * 1024;

    private readonly string?[] lastNames = new string?[DepthMax];
    private byte[] buffer = new byte[1024];
    private int length;
    private int depth;
    private bool needsComma;

    public CanonicalJsonWriter StartObject() => Open((byte)'{');

    public CanonicalJsonWriter EndObject() => Close((byte)'}');

    public CanonicalJsonWriter StartArray() => Open((byte)'[');

    public CanonicalJsonWriter EndArray() => Close((byte)']');

    /// <summary>Begins a member, whose value must follow.</summary>
    /// <exception cref="CanonicalJsonException">The name is not after the one before it.</exception>
    public CanonicalJsonWriter Name(string name)
    {
        ref var last = ref lastNames[depth - 1];
        if (last is not null && string.CompareOrdinal(last, name) >= 0)
        {
            throw new CanonicalJsonException($"Member \"{name}\" comes after \"{last}\".");
        }

        last = name;
        Comma();
        Reserve(CanonicalString.MaxLength(name.Length) + 1);
        length += CanonicalString.Write(name, buffer.AsSpan(length));
        buffer[length++] = (byte)':';
        needsComma = false;
        return this;
    }

    /// <summary>A member with a string.</summary>
    public CanonicalJsonWriter Member(string name, ReadOnlySpan<char> value) => Name(name).Text(value);

    /// <summary>A member with a string that is UTF-8 already.</summary>
    public CanonicalJsonWriter Member(string name, ReadOnlySpan<byte> utf8) => Name(name).Text(utf8);

    /// <summary>A member with a value that is canonical already.</summary>
    public CanonicalJsonWriter Member(string name, CanonicalJson value) => Name(name).Value(value);

    public CanonicalJsonWriter Text(ReadOnlySpan<char> value)
    {
        Comma();
        Reserve(CanonicalString.MaxLength(value.Length));
        length += CanonicalString.Write(value, buffer.AsSpan(length));
        needsComma = true;
        return this;
    }

    public CanonicalJsonWriter Text(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new CanonicalJsonException("The text is not valid UTF-8.");
        }

        Comma();
        Reserve(CanonicalString.MaxLength(utf8.Length));
        length += CanonicalString.Write(utf8, buffer.AsSpan(length));
        needsComma = true;
        return this;
    }

    public CanonicalJsonWriter Value(CanonicalJson value) => Literal(value.Utf8.Span);

    public CanonicalJsonWriter Boolean(bool value) => Literal(value ? "true"u8 : "false"u8);

    public CanonicalJsonWriter Null() => Literal("null"u8);

    /// <summary>What was written, in an array of its own; the writer is empty afterwards.</summary>
    /// <exception cref="CanonicalJsonException">An object or array is still open, or nothing was written.</exception>
    public CanonicalJson Take()
    {
        if (depth != 0 || length == 0)
        {
            throw new CanonicalJsonException(length == 0 ? "Nothing was written." : "An object or array is still open.");
        }

        var taken = buffer.AsSpan(0, length).ToArray();
        Clear();
        return new CanonicalJson(taken);
    }

    /// <summary>Forgets what was written, as after a failure half-way.</summary>
    public void Clear()
    {
        (length, depth, needsComma) = (0, 0, false);
        if (buffer.Length > KeptMax)
        {
            buffer = new byte[1024];
        }
    }

    private CanonicalJsonWriter Open(byte bracket)
    {
        if (depth == DepthMax)
        {
            throw new CanonicalJsonException($"Nested deeper than {DepthMax}.");
        }

        Comma();
        Put(bracket);
        lastNames[depth++] = null;
        needsComma = false;
        return this;
    }

    private CanonicalJsonWriter Close(byte bracket)
    {
        Put(bracket);
        depth--;
        needsComma = true;
        return this;
    }

    private CanonicalJsonWriter Literal(ReadOnlySpan<byte> canonical)
    {
        Comma();
        Reserve(canonical.Length);
        canonical.CopyTo(buffer.AsSpan(length));
        length += canonical.Length;
        needsComma = true;
        return this;
    }

    private void Comma()
    {
        if (needsComma)
        {
            Put((byte)',');
        }
    }

    private void Put(byte octet)
    {
        Reserve(1);
        buffer[length++] = octet;
    }

    private void Reserve(int more)
    {
        if (buffer.Length - length < more)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, checked(length + more)));
        }
    }
}
