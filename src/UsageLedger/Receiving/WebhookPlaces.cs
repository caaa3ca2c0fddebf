using System.Threading.RateLimiting;

namespace UsageLedger.Receiving;

/// <summary>How many deliveries are read at once: whoever sends them needs no key, and each takes memory until it is judged.</summary>
public sealed class WebhookPlaces : IDisposable
{
    private const int AtOnceMax = 64;
    private const int WaitingMax = 512;

    private readonly ConcurrencyLimiter places = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = AtOnceMax,
        QueueLimit = WaitingMax,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    internal ValueTask<RateLimitLease> AcquireAsync(int count, CancellationToken ct) => places.AcquireAsync(count, ct);

    public void Dispose() => places.Dispose();
}
