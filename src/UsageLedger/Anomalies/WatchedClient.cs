using NodaTime;
using Npgsql;

namespace UsageLedger.Anomalies;

/// <summary>A client whose usage is watched.</summary>
/// <param name="Zone">By whose clock its weeks go.</param>
/// <param name="FirstRecordedAt">Since when the ledger takes its usage.</param>
internal sealed record WatchedClient(string Id, DateTimeZone Zone, Instant FirstRecordedAt)
{
    private const int ClientsMax = 100_000;

    /// <summary>Goes from client to client by index; what is agreed with each is that of the position.</summary>
    private const string Select = """
        with recursive client as (
            (select b.client_id from usage_buckets b
             where b.tenant_id = $1 and b.client_id is not null order by b.client_id limit 1)
            union all
            select (select b.client_id from usage_buckets b
                    where b.tenant_id = $1 and b.client_id > c.client_id order by b.client_id limit 1)
            from client c where c.client_id is not null)
        select c.client_id,
               (select e.data ->> 'timeZone' from ledger.mt_events e
                where e.tenant_id = $1 and e.stream_id = 'registration-' || c.client_id and e.type = 'client_registered' and e.seq_id <= $2
                order by e.version desc limit 1),
               (select e.timestamp from ledger.mt_events e
                where e.tenant_id = $1 and e.stream_id = 'client-' || c.client_id order by e.version limit 1)
        from client c
        where c.client_id is not null
        limit $3
        """;

    public static async Task<IReadOnlyList<WatchedClient>> OfAsync(NpgsqlConnection connection, string tenant, long position, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(Select, connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = position }, new() { Value = ClientsMax } },
        };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var clients = new List<WatchedClient>();
        while (await reader.ReadAsync(ct))
        {
            var zone = reader.IsDBNull(1) ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(reader.GetString(1));
            clients.Add(new WatchedClient(reader.GetString(0), zone ?? DateTimeZone.Utc, reader.GetInstant(2)));
        }

        return clients;
    }
}
