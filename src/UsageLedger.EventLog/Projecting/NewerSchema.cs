using Npgsql;

namespace UsageLedger.EventLog.Projecting;

/// <summary>Whether a newer program has changed the schema since this one began; while somebody has a place of <see cref="ProjectionOwners"/>, none does.</summary>
internal static class NewerSchema
{
    private const string Ask = "select exists (select from ledger.schema_migrations where number <> all($1))";

    /// <param name="connection">Whose session holds such a place.</param>
    public static async Task<bool> IsThereAsync(NpgsqlConnection connection, ProjectionOptions options, CancellationToken ct)
    {
        if (options.SchemaFiles is not { } known)
        {
            return false;
        }

        await using var ask = new NpgsqlCommand(Ask, connection) { Parameters = { new() { Value = known.ToArray() } } };
        return await ask.ExecuteScalarAsync(ct) is true;
    }
}
