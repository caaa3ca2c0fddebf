using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Servers on one database, any of which may be killed and started again. Their sessions carry their names.</summary>
internal sealed class HostGroup : IAsyncDisposable
{
    private readonly LedgerProgram[] _programs;
    private readonly LedgerServer[] _servers;
    private readonly List<LedgerServer> _killed = [];
    private string _key = "";

    private HostGroup(LedgerProgram[] programs) => (_programs, _servers) = (programs, new LedgerServer[programs.Length]);

    public int Count => _programs.Length;

    public IReadOnlyList<LedgerProgram> Programs => _programs;

    public IReadOnlyList<LedgerServer> Servers => _servers;

    public static async Task<HostGroup> StartAsync(string connectionString, int count, params (int Host, string Points)[] armed)
    {
        var group = new HostGroup([.. Enumerable.Range(0, count).Select(host => new LedgerProgram($"{connectionString};Application Name={Name(host)}")
        {
            RunMax = FaultRun.IsSmall ? TimeSpan.FromSeconds(90) : TimeSpan.FromMinutes(30),
            Environment = armed.Where(one => one.Host == host).Select(one => FailPointNames.Armed(one.Points)).FirstOrDefault() ?? [],
        })]);
        var keeper = new LedgerProgram(connectionString);
        group._key = (await keeper.RunAsync("keys", "create", "--tenant", "acme", "--scopes", "ingest,query")).ShouldExit(0).Out.Trim();
        await Task.WhenAll(Enumerable.Range(0, count).Select(async host => group._servers[host] = await LedgerServer.StartAsync(group._programs[host])));
        return group;
    }

    /// <summary>As its sessions are called.</summary>
    public static string Name(int host) => $"host-{host}";

    /// <summary>A caller of one of the hosts, dead or alive.</summary>
    public Caller Any(Random random) => Of(random.Next(Count));

    public Caller Of(int host) => new(Volatile.Read(ref _servers[host]).Client, "acme", _key);

    /// <summary>kill -9, and a new process in the same data directory.</summary>
    public async Task KillAndRestartAsync(int host)
    {
        Kill(host);
        await RestartAsync(host);
    }

    public void Kill(int host) => _servers[host].Kill();

    public async Task RestartAsync(int host)
    {
        var next = await LedgerServer.StartAsync(_programs[host]);
        _killed.Add(_servers[host]);
        Volatile.Write(ref _servers[host], next);
    }

    /// <summary>What all of them logged.</summary>
    public string Errors => string.Join("\n\n", _killed.Concat(_servers).Select(server => server.Errors));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _killed.Concat(_servers).OfType<LedgerServer>())
            await server.DisposeAsync();
    }
}
