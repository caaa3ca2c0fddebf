using System.Diagnostics;
using System.Runtime.Versioning;
using Npgsql;

namespace UsageLedger.Host.Embedded;

/// <summary>A private PostgreSQL in the data directory, shared by all processes that use the directory; the last one out stops it.</summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private readonly ClusterHome home;
    private readonly Cluster cluster;
    private readonly ClusterUser user;
    private readonly ClusterKeeper keeper;
    private readonly ILogger log;
    private int left;

    [UnsupportedOSPlatform("windows")]
    private EmbeddedPostgres(ClusterHome home, Cluster cluster, ClusterUser user, int port, ILogger log)
    {
        (this.home, this.cluster, this.user, this.log) = (home, cluster, user, log);
        keeper = new ClusterKeeper(cluster, home, port, log);
        Port = port;
        MajorVersion = home.DataMajor ?? 0;
        ConnectionString = cluster.ConnectionString(port);
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
        var home = ClusterPreparation.MakeHome(options.DataDir);
        await using var turn = await StartLock.TakeAsync(home.Lock, StartLock.WaitMax, ct);
        var (control, passwords) = await ClusterPreparation.PrepareAsync(options, home, log, ct);
        var cluster = new Cluster(home, control, passwords, log);
        var user = ClusterUser.Enter(home.Users);
        try
        {
            var port = await cluster.EnsureRunningAsync(ct);
            log.LogInformation("PostgreSQL serves {DataDir} on port {Port}, ready after {ElapsedMs} ms", home.DataDir, port, elapsed.ElapsedMilliseconds);
            return new EmbeddedPostgres(home, cluster, user, port, log);
        }
        catch
        {
            await LeaveAsync(home, cluster, user);
            throw;
        }
    }

    /// <summary>A connection to the ledger's database that may make roles; for nothing else.</summary>
    public Task<NpgsqlConnection> OpenAdministratorAsync(CancellationToken ct) => OperatingSystem.IsWindows()
        ? throw new PlatformNotSupportedException("There is no embedded PostgreSQL on Windows.")
        : cluster.OpenAdministratorAsync(Port, ct);

    /// <summary>Leaves the cluster; the last one out stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (OperatingSystem.IsWindows() || Interlocked.Exchange(ref left, 1) == 1)
            return;
        await keeper.DisposeAsync();
        try
        {
            await using var turn = await StartLock.TakeAsync(home.Lock, StartLock.WaitMax, CancellationToken.None);
            await LeaveAsync(home, cluster, user);
        }
        catch (EmbeddedPostgresException failure)
        {
            log.LogWarning(failure, "PostgreSQL on {DataDir} was left running; the next start adopts it", home.DataDir);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static async Task LeaveAsync(ClusterHome home, Cluster cluster, ClusterUser user)
    {
        user.Leave();
        if (!ClusterUser.AnyIn(home.Users))
            await cluster.StopAsync(CancellationToken.None);
    }
}
