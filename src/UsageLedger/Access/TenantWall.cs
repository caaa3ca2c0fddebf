using Npgsql;

namespace UsageLedger.Access;

/// <summary>The second wall between tenants: row-level security, for the ledger's own reads too.</summary>
public static class TenantWall
{
    private const string Protect = "select ledger.protect_read_tables()";

    private const string HasReader = "select coalesce(pg_has_role(to_regrole('ledger_reader')::oid, case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end), false)";

    /// <summary>Makes it whole: the roles it needs may have come since the schema was made.</summary>
    /// <returns>False: this server gives the ledger no such role, and reads have one wall only.</returns>
    public static async Task<bool> RaiseAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var protect = database.CreateCommand(Protect);
        await protect.ExecuteNonQueryAsync(ct);
        await using var has = database.CreateCommand(HasReader);
        return (bool)(await has.ExecuteScalarAsync(ct))!;
    }
}
