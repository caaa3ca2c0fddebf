using System.Runtime.CompilerServices;
using NodaTime;
using UsageLedger.Clients;
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

    public IAsyncEnumerable<StoredEvent> AgreedAsync(CancellationToken ct) => StreamAsync(StreamNames.OfRegistration(clientId), 0, ct);

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
