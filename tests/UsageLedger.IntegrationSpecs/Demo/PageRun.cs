using System.Diagnostics;
using System.Text;
using Npgsql;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Simulators;

namespace UsageLedger.IntegrationSpecs.Demo;

/// <summary>Runs the commands of a page from top to bottom, as somebody would who pastes them, on a fresh ledger.</summary>
internal sealed class PageRun : IAsyncDisposable
{
    private const string Documented = "http://127.0.0.1:5080";
    private const string DocumentedVendors = "http://127.0.0.1:5090";
    private const string Settings = """{"Ledger": {"AllowLoopbackSources": "true"}}""";
    private const string Mark = "== next ==";

    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(2);

    private readonly LedgerDatabase _database;
    private readonly LedgerProgram _program;
    private readonly LedgerServer _server;
    private readonly SimServer _vendors;

    private PageRun(LedgerDatabase database, LedgerProgram program, LedgerServer server, SimServer vendors) =>
        (_database, _program, _server, _vendors) = (database, program, server, vendors);

    public static async Task<PageRun> BeginAsync()
    {
        var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        await File.WriteAllTextAsync(program.In("appsettings.json"), Settings);
        return new PageRun(database, program, await LedgerServer.StartAsync(program), await SimServer.StartAsync());
    }

    /// <summary>What each example printed.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(Page page)
    {
        Directory.CreateDirectory(_program.In("build"));
        await File.WriteAllTextAsync(_program.In("build/ledger"), $"exec {LedgerProgram.DotNet} {LedgerDll} \"$@\"\n");
        File.CreateSymbolicLink(_program.In("tests"), Path.Combine(Page.Root, "tests"));
        var script = new StringBuilder("set -euo pipefail\n");
        foreach (var (commands, _) in page.Examples)
            script.Append(commands.Replace("build/ledger", "bash build/ledger", StringComparison.Ordinal)).Append($"echo; echo '{Mark}'\n");
        var address = _server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var run = await BashAsync(script.Replace(Documented, address).Replace(DocumentedVendors, _vendors.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)).ToString());
        run.ShouldExit(0);
        return run.Out.Split(Mark + "\n")[..^1];
    }

    public async Task<LedgerRun> BashAsync(string script)
    {
        await File.WriteAllTextAsync(_program.In("page.sh"), script);
        var at = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        var start = new ProcessStartInfo("bash", [_program.In("page.sh")])
        {
            WorkingDirectory = _program.DataDir,
            Environment =
            {
                ["PYTHONDONTWRITEBYTECODE"] = "1",
                ["Ledger__DataDir"] = _program.DataDir, ["ConnectionStrings__Ledger"] = _database.ConnectionString,
                ["PGHOST"] = at.Host, ["PGPORT"] = at.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), ["PGDATABASE"] = at.Database, ["PGUSER"] = at.Username, ["PGPASSWORD"] = at.Password,
            },
        };
        return await LedgerRun.OfAsync(start, RunMax);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _vendors.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static string LedgerDll => Path.Combine(AppContext.BaseDirectory, "ledger.dll");
}
