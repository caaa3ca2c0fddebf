using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NodaTime;
using UsageLedger.Clients;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Replaying;

/// <summary>The log of one client as it was when it ended at a position.</summary>
internal sealed class LogAt(LogReader reader, string tenant, string clientId, long position)
{
    public long Position => position;

    /// <summary>What was agreed with the client by then.</summary>
    public async Task<Registration> RegistrationAsync(IDateTimeZoneProvider zones, CancellationToken ct)
    {
        var registration = Registration.None with { Zones = zones };
        await foreach (var stored in AgreedAsync(ct))
        {
            registration = registration.Apply(stored);
        }

        return registration;
    }

    /// <summary>
    /// As <see cref="RegistrationAsync"/>, but each event is held against its leaf before it is read: one that is not what was appended is told,
    /// and left out if it cannot be read.
    /// </summary>
    public async Task<AgreedTerms> CheckedAsync(IDateTimeZoneProvider zones, LeafCheck leaves, Findings found, CancellationToken ct)
    {
        var agreed = new AgreedTerms(Registration.None with { Zones = zones }, ImmutableDictionary<Instant, long>.Empty);
        var version = 0L;
        await foreach (var stored in AgreedAsync(ct))
        {
            version = found.Follow(stored, version);
            var holds = await leaves.HoldsAsync(stored, ct);
            found.Leaf(stored, holds);
            try
            {
                agreed = agreed.Apply(stored);
            }
            catch (Exception) when (!holds)
            {
                // Already told as changed; the cycle is still worth comparing by what can be read.
            }
        }

        return agreed;
    }

    private IAsyncEnumerable<StoredEvent> AgreedAsync(CancellationToken ct) => StreamAsync(StreamNames.OfRegistration(clientId), 0, ct);

    /// <param name="afterVersion">Of the client's usage.</param>
    public IAsyncEnumerable<StoredEvent> UsageAsync(long afterVersion, CancellationToken ct) => StreamAsync(StreamNames.OfClient(clientId), afterVersion, ct);

    private async IAsyncEnumerable<StoredEvent> StreamAsync(string stream, long afterVersion, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var stored in reader.StreamAsync(tenant, stream, afterVersion, ct))
        {
            if (stored.Position > position)
            {
                yield break;
            }

            yield return stored;
        }
    }
}

/// <summary>What was agreed, and the positions of the closes by the starts of their cycles.</summary>
internal sealed record AgreedTerms(Registration Registration, ImmutableDictionary<Instant, long> ClosedAt)
{
    public AgreedTerms Apply(StoredEvent stored) => new(
        Registration.Apply(stored),
        stored.Type == EventTypes.CycleClosed ? ClosedAt.SetItem(CycleClosed.Read(stored.Data).Start, stored.Position) : ClosedAt);
}
