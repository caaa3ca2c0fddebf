using Npgsql;

namespace UsageLedger.Access;

/// <summary>
/// One query on behalf of one tenant, behind the second wall between tenants: it sees rows of no other in the read models and in the inbox,
/// even if it forgets to ask for its own only. Entering costs a statement in the same round trip.
/// </summary>
public sealed class TenantQuery : IAsyncDisposable
{
    /// <summary>
    /// All hold to the end of the transaction. Statements are planned for the values they come with: of those that leave some out, or go on behind a page, one
    /// plan for all would walk through everything that the tenant ever had.
    /// </summary>
    internal const string Entering = Wall + ", set_config('plan_cache_mode', 'force_custom_plan', true)";

    /// <summary>
    /// The same for statements that go by one plan whatever their values are, where to plan them anew each time was measured to take as long as to run them:
    /// each condition that finds their rows must always be there. Such a plan may have been made while a table was small; it goes by indexes all the same.
    /// </summary>
    internal const string EnteringWithKeptPlan = Wall + ", set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)";

    /// <summary>
    /// As which role it goes on is the server's to say: where nobody could make the role, it stays the ledger's own, and the query's <c>where</c> is the one wall.
    /// </summary>
    private const string Wall = """
        set_config('ledger.tenant', $1, true),
        set_config('role', case
            when pg_has_role(to_regrole('ledger_reader')::oid, case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) and has_schema_privilege(to_regrole('ledger_reader')::oid, 'read', 'usage')
            then 'ledger_reader' else 'none' end, true)
        """;

    private const string Enter = "select " + Entering;

    private readonly NpgsqlBatch batch;
    private readonly NpgsqlBatchCommand query;

    public TenantQuery(NpgsqlDataSource database, string tenant, string sql)
    {
        batch = database.CreateBatch();
        query = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Enter) { Parameters = { new() { Value = tenant } } });
        batch.BatchCommands.Add(query);
    }

    public NpgsqlParameterCollection Parameters => query.Parameters;

    /// <summary>The query's rows.</summary>
    public async Task<NpgsqlDataReader> ExecuteReaderAsync(CancellationToken ct)
    {
        var reader = await batch.ExecuteReaderAsync(ct);
        try
        {
            await reader.NextResultAsync(ct);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => batch.DisposeAsync();
}
