using System.Globalization;
using System.Runtime.Versioning;

namespace UsageLedger.Host.Embedded;

/// <summary>
/// Starts and stops the server through pg_ctl, which gives it a session of its own: Ctrl-C in the host's terminal does not reach it.
/// Paths are given relative to the data directory because pg_ctl passes them through a shell.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ServerControl(ClusterHome home, PostgresBinaries binaries, string? account)
{
    public static readonly TimeSpan StartMax = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan AskMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public async Task<ProgramResult> StartAsync(int port, CancellationToken ct)
    {
        await MakeLogAsync(ct);
        ClusterSettings.Write(home, await HasLz4Async(ct), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        return await PgCtl(
            "start", "-D", "pg", "-l", "pg.log", "-s", "-w", "-t", Seconds(StartMax), "-o", string.Create(CultureInfo.InvariantCulture, $"-p {port}"))
            .RunAsync(StartMax + Grace, ct);
    }

    /// <summary>A fast shutdown: sessions are cut, and everything is written so that the next start has nothing to recover.</summary>
    public Task<ProgramResult> StopAsync(CancellationToken ct) =>
        PgCtl("stop", "-D", "pg", "-m", "fast", "-s", "-w", "-t", Seconds(StopMax)).RunAsync(StopMax + Grace, ct);

    private ProgramRun PgCtl(params string[] arguments) =>
        new(binaries.PgCtl, arguments) { Account = account, WorkingDirectory = home.DataDir };

    private async Task MakeLogAsync(CancellationToken ct)
    {
        if (File.Exists(home.Log))
            return;
        ReplacedFile.Write(home.Log, "", ReplacedFile.OwnerOnly);
        await ServerAccount.GiveAsync(home.Log, account, ct);
    }

    // A build without lz4 refuses to start with it, so it is asked first.
    private async Task<bool> HasLz4Async(CancellationToken ct)
    {
        var asked = await new ProgramRun(binaries.Postgres, "-C", "wal_compression", "-D", "pg", "-c", "wal_compression=lz4")
        { Account = account, WorkingDirectory = home.DataDir }.RunAsync(AskMax, ct);
        return asked.Succeeded;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
