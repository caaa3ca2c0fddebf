using UsageLedger.Answering;
using UsageLedger.Collecting;

namespace UsageLedger.Receiving;

/// <summary>How many deliveries are read at once, and of one source: whoever sends them needs no key, and each takes memory until it is judged.</summary>
public sealed class WebhookPlaces : IDisposable
{
    private const int AtOnceMax = 64;
    private const int WaitingMax = 512;
    private const int OfOneSourceMax = 16;
    private const int OfOneSourceWaitingMax = 128;

    private readonly SharedTurns places = new(AtOnceMax, WaitingMax, OfOneSourceMax, OfOneSourceWaitingMax);

    /// <summary>Null: too many wait already.</summary>
    internal ValueTask<IDisposable?> TakeAsync(Source source, CancellationToken ct) => places.TakeAsync($"{source.Tenant}/{source.Id}", ct);

    public void Dispose() => places.Dispose();
}
