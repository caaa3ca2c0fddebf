using Npgsql;
using UsageLedger.EventLog;

namespace UsageLedger.Host.Doctor;

/// <summary>Whether the database is at this program's schema.</summary>
internal static class SchemaCheck
{
    public static async Task<Diagnosis> RunAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        try
        {
            return await LogSchema.IsCurrentAsync(database, LedgerDatabase.SchemaAssemblies, ct)
                ? Diagnosis.Good("schema", "The database is at this program's schema.")
                : Diagnosis.Bad("schema", "The database is older than this program, or empty.", "Run 'ledger migrate', or start the server, which does the same.");
        }
        catch (SchemaMismatchException mismatch)
        {
            return Diagnosis.Bad("schema", mismatch.Message, "See 'Upgrading' in docs/backups.md.");
        }
    }
}
