using Npgsql;

namespace UsageLedger.Auditors;

/// <summary>Who reads which tenants' reports by SQL.</summary>
public static class ListAuditorsHandler
{
    private const string Select = "select role_name::text, array_agg(tenant_id::text order by tenant_id) from ledger.auditors group by 1 order by 1";

    public static async Task<IReadOnlyList<Auditor>> Handle(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var auditors = new List<Auditor>();
        while (await reader.ReadAsync(ct))
        {
            auditors.Add(new Auditor(reader.GetString(0), reader.GetFieldValue<string[]>(1)));
        }

        return auditors;
    }
}
