using UsageLedger.Answering;
using UsageLedger.Collecting;

namespace UsageLedger.Receiving;

/// <summary>How many deliveries are read at once, of one source and of one tenant: whoever sends them needs no key, and each takes memory until it is judged.</summary>
public sealed class WebhookPlaces : IDisposable
{
    private const int AtOnceMax = 64;
    private const int WaitingMax = 512;
    private const int OfOneSourceMax = 16;
    private const int OfOneSourceWaitingMax = 128;
    private const int OfOneTenantMax = 32;
    private const int OfOneTenantWaitingMax = 256;

    private readonly SharedTurns places = new(
        AtOnceMax, WaitingMax, new TurnShare(OfOneSourceMax, OfOneSourceWaitingMax), new TurnShare(OfOneTenantMax, OfOneTenantWaitingMax));

    /// <summary>Null: too many wait already.</summary>
    internal ValueTask<IDisposable?> TakeAsync(Source source, CancellationToken ct) =>
        places.TakeAsync([$"{source.Tenant}/{source.Id}", source.Tenant], ct);

    public void Dispose() => places.Dispose();
}
