using UsageLedger.Recording;

namespace UsageLedger.Receiving;

/// <summary>What a webhook says.</summary>
/// <param name="Records">Usage that it tells in full, without client.</param>
/// <param name="Fetch">Native ids of vendor records that it only announces: they are to be asked for.</param>
/// <param name="Quarantine">Why it cannot be normalised; null if it can. Without personal data.</param>
public sealed record WebhookReading(IReadOnlyList<UsageRecord> Records, IReadOnlyList<string> Fetch, string? Quarantine)
{
    /// <summary>A delivery that says nothing about usage: a test call, a call that has only begun.</summary>
    public static WebhookReading Nothing { get; } = new([], [], null);

    public static WebhookReading Unusable(string reason) => new([], [], reason);
}
