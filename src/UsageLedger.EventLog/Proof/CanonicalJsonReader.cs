using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace UsageLedger.EventLog.Proof;

/// <summary>
/// Brings any JSON text into RFC 8785 form: members in order, no white space, least escaping. Integers are written as JSON
/// writes them; other numbers keep their text, since an entry of the log holds none and a float would lose digits.
/// </summary>
/// <remarks>The canonical form is never longer than the text it comes from.</remarks>
public static class CanonicalJsonReader
{
    private const int NodesOnStack = 96;
    private const int StackMax = 1024;

    /// <exception cref="CanonicalJsonException">The text is no JSON, or has no canonical form.</exception>
    public static CanonicalJson Canonicalise(ReadOnlySpan<byte> utf8Json)
    {
        var rented = utf8Json.Length > StackMax ? ArrayPool<byte>.Shared.Rent(utf8Json.Length) : null;
        var buffer = rented ?? stackalloc byte[StackMax];
        var canonical = buffer[..Canonicalise(utf8Json, buffer)].ToArray();
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return new CanonicalJson(canonical);
    }

    /// <summary>Appends the canonical form to <paramref name="output"/>.</summary>
    /// <exception cref="CanonicalJsonException">The text is no JSON, or has no canonical form.</exception>
    public static void Canonicalise(ReadOnlySpan<byte> utf8Json, IBufferWriter<byte> output) =>
        output.Advance(Canonicalise(utf8Json, output.GetSpan(utf8Json.Length)));

    /// <summary>Writes the canonical form and returns its length; the destination must be as long as the text.</summary>
    /// <exception cref="CanonicalJsonException">The text is no JSON, or has no canonical form.</exception>
    public static int Canonicalise(ReadOnlySpan<byte> utf8Json, Span<byte> destination)
    {
        if (!Utf8.IsValid(utf8Json))
        {
            throw new CanonicalJsonException("The text is not valid UTF-8.");
        }

        var tape = new JsonTape(utf8Json, stackalloc TapeNode[NodesOnStack]);
        try
        {
            tape.Read();
            var writer = new TapeWriter(tape, destination);
            writer.Value(0);
            return writer.Length;
        }
        catch (JsonException exception)
        {
            throw new CanonicalJsonException("The text is not JSON: " + exception.Message, exception);
        }
        catch (InvalidOperationException exception)
        {
            // What Utf8JsonReader throws for an escape that names half of a surrogate pair.
            throw new CanonicalJsonException("A string is not valid Unicode: " + exception.Message, exception);
        }
        finally
        {
            tape.Dispose();
        }
    }
}
