using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NodaTime;
using Npgsql;
using UsageLedger.Clients;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Replaying;

/// <summary>The log of one client as it was when it ended at a position.</summary>
internal sealed class LogAt(LogReader reader, string tenant, string clientId, long position)
{
    /// <summary>Asked of the streams alone: what their events say may not be what was appended.</summary>
    private const string SelectNamed = """
        select exists (select from ledger.mt_streams s where s.tenant_id = $1 and s.id in ('client-' || $2, 'registration-' || $2))
        """;

    private const string SelectVersion = "select version from ledger.mt_streams where tenant_id = $1 and id = $2";

    public long Position => position;

    /// <summary>Whether usage or somebody named the client, at whatever time.</summary>
    public async Task<bool> IsNamedAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectNamed);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = clientId });
        return (bool)(await select.ExecuteScalarAsync(ct))!;
    }

    /// <summary>What was agreed with the client by then.</summary>
    public async Task<Registration> RegistrationAsync(IDateTimeZoneProvider zones, CancellationToken ct)
    {
        var registration = Registration.None with { Zones = zones };
        await foreach (var stored in AgreedAsync(ct))
        {
            registration = UnreadableEventException.Read(stored, registration.Apply);
        }

        return registration;
    }

    /// <summary>
    /// As <see cref="RegistrationAsync"/>, but each event is held against its leaf before it is read: one that is not what was appended is told,
    /// one that cannot be read is told too, and left out.
    /// </summary>
    public async Task<AgreedTerms> CheckedAsync(
        IDateTimeZoneProvider zones, LeafCheck leaves, Findings found, NpgsqlDataSource database, CancellationToken ct)
    {
        var agreed = new AgreedTerms(Registration.None with { Zones = zones }, ImmutableDictionary<Instant, long>.Empty);
        await foreach (var stored in CheckedAsync(StreamNames.OfRegistration(clientId), leaves, found, database, ct))
        {
            try
            {
                agreed = UnreadableEventException.Read(stored, agreed.Apply);
            }
            catch (UnreadableEventException)
            {
                found.Unreadable(stored);
            }
        }

        return agreed;
    }

    /// <summary>The client's usage, each event held against its leaf; what is missing is told, also where nothing follows.</summary>
    public IAsyncEnumerable<StoredEvent> CheckedUsageAsync(LeafCheck leaves, Findings found, NpgsqlDataSource database, CancellationToken ct) =>
        CheckedAsync(StreamNames.OfClient(clientId), leaves, found, database, ct);

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

            // No append gives a place outside the log; the replay names the event.
            if (stored.Position >= 1)
            {
                yield return stored;
            }
        }
    }

    /// <summary>
    /// It goes on to the first event that lies beyond the position and is what was appended there: one that is not is not believed to lie beyond.
    /// The version that the stream came to is asked for first, so that what is appended meanwhile is not missed.
    /// </summary>
    private async IAsyncEnumerable<StoredEvent> CheckedAsync(
        string stream, LeafCheck leaves, Findings found, NpgsqlDataSource database, [EnumeratorCancellation] CancellationToken ct)
    {
        var (version, appended) = (0L, await VersionAsync(stream, database, ct));
        await foreach (var stored in reader.StreamAsync(tenant, stream, 0, ct))
        {
            version = found.Follow(stored, version);
            var holds = await leaves.HoldsAsync(stored, ct);
            if (stored.Position > position && holds)
            {
                yield break;
            }

            found.Leaf(stored, holds);
            if (stored.Position >= 1 && stored.Position <= position)
            {
                yield return stored;
            }
        }

        found.End(stream, version, appended);
    }

    /// <summary>0: nothing was appended to the stream.</summary>
    private async Task<long> VersionAsync(string stream, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectVersion);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = stream });
        return await select.ExecuteScalarAsync(ct) as long? ?? 0;
    }
}

/// <summary>What was agreed, and the positions of the closes by the starts of their cycles.</summary>
internal sealed record AgreedTerms(Registration Registration, ImmutableDictionary<Instant, long> ClosedAt)
{
    public AgreedTerms Apply(StoredEvent stored) => new(
        Registration.Apply(stored),
        stored.Type == EventTypes.CycleClosed ? ClosedAt.SetItem(CycleClosed.Read(stored.Data).Start, stored.Position) : ClosedAt);
}
