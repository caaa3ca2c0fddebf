using System.Security.Cryptography;
using System.Text;
using NodaTime;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.OpenRouter;

/// <summary>A key that an agent asks models with.</summary>
/// <param name="Hash">SHA-256 of the secret, by which the management API names the key.</param>
public sealed record OpenRouterKey(string Secret, string Hash, string Name, Instant CreatedAt)
{
    /// <summary>As lists show it.</summary>
    public string Label => $"{Secret[..12]}...{Secret[^3..]}";

    internal static OpenRouterKey Draw(Dice dice, string name, Instant createdAt)
    {
        var secret = "sk-or-v1-" + dice.Hex(64);
        return new OpenRouterKey(secret, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))), name, createdAt);
    }
}
