using System.Diagnostics;
using System.Text;
using Npgsql;
using UsageLedger.Host.Embedded;
using UsageLedger.IntegrationSpecs.Embedded;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>A served ledger and its PostgreSQL, either of which may be killed and comes back.</summary>
internal sealed class MonthLedger : IAsyncDisposable
{
    public const string Tenant = "acme";

    private const string Settings = """{"Ledger":{"AllowLoopbackSources":"true"}}""";
    private const string BegunByTheDead = "idempotency_key_in_flight";
    private const string Told = " INF ";
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(60);

    private readonly DataDir dir;
    private readonly EmbeddedPostgres postgres;
    private readonly List<LedgerServer> killed = [];
    private LedgerServer server = null!;
    private string key = "";

    private MonthLedger(DataDir dir, EmbeddedPostgres postgres)
    {
        (this.dir, this.postgres) = (dir, postgres);
        Program = new LedgerProgram(postgres.ConnectionString);
    }

    public LedgerProgram Program { get; }

    public Uri Address => Volatile.Read(ref server).Client.BaseAddress!;

    /// <summary>What all hosts complained of.</summary>
    public string Complaints => string.Join(
        "\n\n", killed.Append(server).Select(host => string.Join('\n', host.Errors.Split('\n').Where(line => !line.Contains(Told, StringComparison.Ordinal)))));

    public static async Task<MonthLedger> StartAsync()
    {
        var dir = new DataDir();
        var ledger = new MonthLedger(dir, await dir.StartAsync());
        await File.WriteAllTextAsync(ledger.Program.In("appsettings.json"), Settings);
        ledger.key = (await ledger.Program.RunAsync("keys", "create", "--tenant", Tenant, "--scopes", "admin")).ShouldExit(0).Out.Trim();
        ledger.server = await LedgerServer.StartAsync(ledger.Program);
        return ledger;
    }

    public Task<Reply> GetAsync(string path) => AskAsync(caller => caller.GetAsync(path));

    /// <summary>The same command however often it is sent.</summary>
    public Task<Reply> PostAsync(string path, string body)
    {
        var once = Guid.NewGuid().ToString("N");
        return AskAsync(caller => caller.PostAsync(path, body, headers: ("Idempotency-Key", once)));
    }

    public Task<Reply> PutAsync(string path, string body) => AskAsync(async caller =>
    {
        using var content = new StringContent(body, Encoding.UTF8, Caller.Json);
        return await caller.SendAsync(HttpMethod.Put, path, content);
    });

    public Task<T> SelectAsync<T>(string sql) => DataDir.AskAsync<T>(postgres.ConnectionString, sql);

    /// <summary>kill -9, and a new process in the same data directory.</summary>
    public async Task KillHostAsync()
    {
        server.Kill();
        killed.Add(server);
        Volatile.Write(ref server, await LedgerServer.StartAsync(Program));
    }

    public async Task KillPostgresAsync()
    {
        DataDir.Kill(dir.ServerPid);
        await DataDir.EventuallyAsync(async () =>
        {
            try
            {
                return await SelectAsync<int>("select 1") == 1;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in killed.Append(server))
            await host.DisposeAsync();
        await postgres.DisposeAsync();
    }

    /// <summary>Asks whichever host there is until one answers.</summary>
    private async Task<Reply> AskAsync(Func<Caller, Task<Reply>> ask)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < AnswerMax; await Task.Delay(100))
        {
            try
            {
                var reply = await ask(new Caller(Volatile.Read(ref server).Client, Tenant, key));
                if (reply.Status != 503 && !(reply.Status == 409 && reply.Code == BegunByTheDead))
                    return reply;
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or TaskCanceledException or ObjectDisposedException)
            {
                // It is dead or dying: the next one is asked.
                continue;
            }
        }

        throw new TimeoutException($"No host answered within {AnswerMax.TotalSeconds} s.");
    }
}
