using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Two servers on one database, either of which may be killed and started again.</summary>
internal sealed class HostPair : IAsyncDisposable
{
    public const int Count = 2;

    private readonly LedgerProgram[] _programs;
    private readonly LedgerServer[] _servers = new LedgerServer[Count];
    private readonly List<LedgerServer> _killed = [];
    private string _key = "";

    private HostPair(string connectionString) =>
        _programs = [.. Enumerable.Range(0, Count).Select(_ => new LedgerProgram(connectionString))];

    public IReadOnlyList<LedgerProgram> Programs => _programs;

    public IReadOnlyList<LedgerServer> Servers => _servers;

    public static async Task<HostPair> StartAsync(string connectionString)
    {
        var pair = new HostPair(connectionString);
        pair._key = (await pair._programs[0].RunAsync("keys", "create", "--tenant", "acme", "--scopes", "ingest,query")).ShouldExit(0).Out.Trim();
        for (var host = 0; host < Count; host++)
            pair._servers[host] = await LedgerServer.StartAsync(pair._programs[host]);
        return pair;
    }

    /// <summary>A caller of one of the hosts, dead or alive.</summary>
    public Caller Any(Random random) => Of(random.Next(Count));

    public Caller Of(int host) => new(Volatile.Read(ref _servers[host]).Client, "acme", _key);

    /// <summary>kill -9, and a new process in the same data directory.</summary>
    public async Task KillAndRestartAsync(int host)
    {
        _servers[host].Kill();
        _killed.Add(_servers[host]);
        Volatile.Write(ref _servers[host], await LedgerServer.StartAsync(_programs[host]));
    }

    /// <summary>What all of them logged.</summary>
    public string Errors => string.Join("\n\n", _killed.Concat(_servers).Select(server => server.Errors));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _killed.Concat(_servers))
            await server.DisposeAsync();
    }
}
