using Npgsql;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Importing;

/// <summary>A database that files are imported into, by one process after another; each spec for a tenant of its own.</summary>
public sealed class ImportLedger : IAsyncLifetime
{
    private const string SelectData = "select data::text from ledger.mt_events where tenant_id = $1 order by seq_id";
    private const string CountEvents = "select count(*) from ledger.mt_events where tenant_id = $1";

    private LedgerDatabase? _database;

    internal LedgerProgram Program { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await LedgerCluster.CreateDatabaseAsync();
        Program = new LedgerProgram(_database.ConnectionString);
        (await Program.RunAsync("migrate")).ShouldExit(0);
    }

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    internal async Task<string> FileAsync(string name, params IEnumerable<string> lines)
    {
        var path = Program.In(name);
        await File.WriteAllLinesAsync(path, lines);
        return path;
    }

    internal Task<LedgerRun> ImportAsync(string file, string tenant, params string[] options) =>
        Program.RunAsync(["import", file, "--tenant", tenant, "--source", "files", "--json", .. options]);

    /// <summary>What the tenant's events hold, as PostgreSQL writes it.</summary>
    internal async Task<IReadOnlyList<string>> DataAsync(string tenant)
    {
        await using var select = Command(SelectData, tenant);
        await using var reader = await select.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    internal async Task<long> CountAsync(string tenant)
    {
        await using var count = Command(CountEvents, tenant);
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private NpgsqlCommand Command(string sql, string tenant)
    {
        var command = _database!.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        return command;
    }
}
