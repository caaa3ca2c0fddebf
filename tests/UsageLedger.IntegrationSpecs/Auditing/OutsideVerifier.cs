using System.Security.Cryptography;
using System.Text;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>What an outsider would write to check the log: RFC 9162's definitions and C2SP's notes, nothing of the ledger's own code.</summary>
internal static class OutsideVerifier
{
    public static byte[] Leaf(ReadOnlySpan<byte> entry) => SHA256.HashData([0, .. entry]);

    /// <summary>The root of all these leaves.</summary>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves) => leaves.Length switch
    {
        0 => SHA256.HashData([]),
        1 => leaves[0],
        _ => Node(Root(leaves[..Split(leaves.Length)]), Root(leaves[Split(leaves.Length)..])),
    };

    /// <summary>The root to which a path leads from a leaf.</summary>
    public static byte[] Root(byte[] leaf, int index, int size, ReadOnlySpan<byte[]> path)
    {
        if (size == 1)
            return path.IsEmpty ? leaf : throw new InvalidOperationException("The path is too long.");
        var left = Split(size);
        return index < left
            ? Node(Root(leaf, index, left, path[..^1]), path[^1])
            : Node(path[^1], Root(leaf, index - left, size - left, path[..^1]));
    }

    /// <summary>The roots of the old and of the new tree that a consistency path speaks of.</summary>
    public static (byte[] From, byte[] To) Roots(int from, int to, ReadOnlySpan<byte[]> path, byte[] fromRoot, bool isWhole = true)
    {
        if (from == to)
            return isWhole && path.IsEmpty ? (fromRoot, fromRoot) : (path.ToArray().Single(), path.ToArray().Single());
        var left = Split(to);
        if (from <= left)
        {
            var (old, grown) = Roots(from, left, path[..^1], fromRoot, isWhole);
            return (old, Node(grown, path[^1]));
        }

        var (tail, grownTail) = Roots(from - left, to - left, path[..^1], fromRoot, isWhole: false);
        return (Node(path[^1], tail), Node(path[^1], grownTail));
    }

    /// <summary>Size and root of a note that this key signed.</summary>
    public static (int Size, string RootHash) Checkpoint(string note, string publicKeyPem, string origin)
    {
        var text = note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)];
        var signature = note[(text.Length + 1)..].TrimEnd('\n');
        signature.ShouldStartWith($"— {origin} ");
        var signed = Convert.FromBase64String(signature.Split(' ')[2]);
        using var key = ECDsa.Create();
        key.ImportFromPem(publicKeyPem);
        signed[..4].ShouldBe(SHA256.HashData([.. Encoding.UTF8.GetBytes(origin), 0x0A, 0x02, .. key.ExportSubjectPublicKeyInfo()])[..4]);
        key.VerifyData(Encoding.UTF8.GetBytes(text), signed.AsSpan(4), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
        var lines = text.Split('\n');
        lines[0].ShouldBe(origin);
        return (int.Parse(lines[1], System.Globalization.CultureInfo.InvariantCulture), Convert.ToHexStringLower(Convert.FromBase64String(lines[2])));
    }

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);

    private static int Split(int size) => 1 << (31 - int.LeadingZeroCount(size - 1));
}
