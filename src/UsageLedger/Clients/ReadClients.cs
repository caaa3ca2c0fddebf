using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Clients;

/// <summary>Asks for one client.</summary>
public sealed record ReadClient(string Tenant, string ClientId);

/// <summary>Asks for a tenant's clients, registered ones and those that usage named.</summary>
/// <param name="After">The last client of the page before; null: from the first.</param>
public sealed record ReadClients(string Tenant, string? After, int Limit);

/// <param name="Next">What to ask after; null when nothing follows.</param>
public sealed record ClientPage(IReadOnlyList<ClientView> Clients, string? Next);

/// <inheritdoc cref="ReadClient"/>
public static class ReadClientHandler
{
    private const string Select = """
        select exists (select from ledger.mt_streams s where s.tenant_id = $1 and s.id in ('client-' || $2, 'registration-' || $2)),
               r.seq_id, r.data
        from (values (1)) as one
        left join lateral (
            select e.seq_id, e.data::text as data from ledger.mt_events e
            where e.tenant_id = $1 and e.stream_id = 'registration-' || $2 and e.type = 'client_registered'
            order by e.version desc limit 1) r on true
        """;

    /// <summary>Null when neither usage nor anybody named the client.</summary>
    public static async Task<ClientView?> Handle(ReadClient query, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        select.Parameters.Add(new() { Value = query.Tenant });
        select.Parameters.Add(new() { Value = query.ClientId });
        await using var reader = await select.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return reader.GetBoolean(0) ? ReadClientsHandler.View(reader, query.ClientId, 1) : null;
    }
}

/// <inheritdoc cref="ReadClients"/>
public static class ReadClientsHandler
{
    /// <summary>
    /// A page of each kind of stream, by the index of stream names, whatever order the database gives to names. The upper bounds
    /// end a scan where the kind ends: letters alone decide them, so they hold in every collation.
    /// </summary>
    private const string Select = """
        with named as (
            select kinds.client_id from (
                (select substr(s.id, 8) as client_id from ledger.mt_streams s
                 where s.tenant_id = $1 and s.id > 'client-' || $2 and s.id < 'clienu' and s.id like 'client-%'
                 order by s.id limit $3)
                union
                (select substr(s.id, 14) from ledger.mt_streams s
                 where s.tenant_id = $1 and s.id > 'registration-' || $2 and s.id < 'registratioo' and s.id like 'registration-%'
                 order by s.id limit $3)) as kinds
            order by kinds.client_id limit $3)
        select n.client_id, r.seq_id, r.data
        from named n
        left join lateral (
            select e.seq_id, e.data::text as data from ledger.mt_events e
            where e.tenant_id = $1 and e.stream_id = 'registration-' || n.client_id and e.type = 'client_registered'
            order by e.version desc limit 1) r on true
        order by n.client_id
        """;

    public static async Task<ClientPage> Handle(ReadClients query, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        select.Parameters.Add(new() { Value = query.Tenant });
        select.Parameters.Add(new() { Value = query.After ?? "" });
        select.Parameters.Add(new() { Value = query.Limit + 1 });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var clients = new List<ClientView>();
        while (await reader.ReadAsync(ct))
        {
            clients.Add(View(reader, reader.GetString(0), 1));
        }

        return clients.Count > query.Limit
            ? new ClientPage(clients[..query.Limit], clients[query.Limit - 1].ClientId)
            : new ClientPage(clients, null);
    }

    internal static ClientView View(NpgsqlDataReader reader, string clientId, int at) => reader.IsDBNull(at)
        ? ClientView.Unregistered(clientId)
        : ClientView.Of(ClientRegistered.Read(CanonicalJsonReader.Canonicalise(reader.GetFieldValue<byte[]>(at + 1))), reader.GetInt64(at));
}
