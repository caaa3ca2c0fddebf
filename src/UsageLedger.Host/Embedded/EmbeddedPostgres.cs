using System.Diagnostics;
using System.Runtime.Versioning;

namespace UsageLedger.Host.Embedded;

/// <summary>A private PostgreSQL in the data directory, shared by all processes that use the directory; the last one out stops it.</summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    // Long enough for somebody else's first start, which may fetch the binaries.
    private static readonly TimeSpan TurnMax = TimeSpan.FromMinutes(10);

    private readonly ClusterHome _home;
    private readonly Cluster _cluster;
    private readonly ClusterUser _user;
    private readonly ILogger _log;
    private int _left;

    private EmbeddedPostgres(ClusterHome home, Cluster cluster, ClusterUser user, ClusterPasswords passwords, int port, ILogger log)
    {
        (_home, _cluster, _user, _log) = (home, cluster, user, log);
        Port = port;
        MajorVersion = home.DataMajor ?? 0;
        ConnectionString = ServerConnection.ForOwner(port, passwords);
    }

    /// <summary>As the role that owns the database <c>ledger</c>: it may create databases, and is no superuser.</summary>
    public string ConnectionString { get; }

    public int Port { get; }

    public int MajorVersion { get; }

    /// <summary>Starts the cluster, or joins the one that runs; makes it first when there is none.</summary>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedOptions options, ILogger log, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("The embedded PostgreSQL runs on Linux and macOS; on Windows give a database in ConnectionStrings__Ledger.");
        var elapsed = Stopwatch.StartNew();
        var home = new ClusterHome(Path.GetFullPath(options.DataDir));
        Directory.CreateDirectory(home.DataDir);
        await using var turn = await StartLock.TakeAsync(home.Lock, TurnMax, ct);
        var user = ClusterUser.Enter(home.Users);
        Cluster? cluster = null;
        try
        {
            var account = await ServerAccount.ChooseAsync(home, ct);
            if (account is not null)
                await Reachability.EnsureAsync(home, account, ct);
            var binaries = await BinaryFinder.FindAsync(options, home, log, ct);
            if (account is not null)
                await Reachability.DemandAsync(binaries.Folder, account, ct);
            await ClusterInit.EnsureAsync(home, binaries, account, ct);
            var passwords = ClusterPasswords.Read(home.Passwords) ?? throw PasswordsMissing(home);
            cluster = new Cluster(home, new ServerControl(home, binaries, account), passwords, log);
            var port = await cluster.EnsureRunningAsync(wantedPort: null, ct);
            log.LogInformation(
                "PostgreSQL {Major} serves {DataDir} on port {Port}, ready after {ElapsedMs} ms", binaries.Major, home.DataDir, port, elapsed.ElapsedMilliseconds);
            return new EmbeddedPostgres(home, cluster, user, passwords, port, log);
        }
        catch
        {
            await LeaveAsync(home, cluster, user);
            throw;
        }
    }

    /// <summary>Leaves the cluster; the last one out stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (OperatingSystem.IsWindows() || Interlocked.Exchange(ref _left, 1) == 1)
            return;
        try
        {
            await using var turn = await StartLock.TakeAsync(_home.Lock, TurnMax, CancellationToken.None);
            await LeaveAsync(_home, _cluster, _user);
        }
        catch (EmbeddedPostgresException failure)
        {
            _log.LogWarning(failure, "PostgreSQL on {DataDir} was left running; the next start adopts it", _home.DataDir);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static async Task LeaveAsync(ClusterHome home, Cluster? cluster, ClusterUser user)
    {
        user.Leave();
        if (cluster is not null && !ClusterUser.AnyIn(home.Users))
            await cluster.StopAsync(CancellationToken.None);
    }

    private static EmbeddedPostgresException PasswordsMissing(ClusterHome home) => new(
        $"{home.Data} is there but {home.Passwords}, which holds its passwords, is not. Restore that file from a backup, or set Ledger__DataDir to another directory.");
}
