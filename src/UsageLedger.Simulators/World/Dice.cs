using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace UsageLedger.Simulators.World;

/// <summary>Numbers that look random and are the same for the same seed, on every machine and in every version (SplitMix64).</summary>
internal sealed class Dice(ulong state)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Dice of their own for each purpose, so that more of one thing does not change another.</summary>
    public static Dice For(long seed, string purpose) =>
        new(BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}:{purpose}")))));

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    public int Below(int max) => (int)(Next() % (ulong)max);

    /// <summary>Both ends can come.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool PerMille(int chance) => Below(1_000) < chance;

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    public string Hex(int digits) => string.Concat(Enumerable.Range(0, digits).Select(_ => "0123456789abcdef"[Below(16)]));

    public string Letters(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => Alphabet[Below(Alphabet.Length)]));

    public Guid Uuid() => Guid.ParseExact(Hex(32), "N");

    public Duration Within(Duration max) => Duration.FromMilliseconds((long)(Next() % (ulong)(max.TotalMilliseconds + 1)));
}
