using System.Diagnostics;

namespace UsageLedger.IntegrationSpecs.Cluster;

/// <summary>
/// Fresh data directories of one test run, and a small process that outlives it: when the run is gone, by whatever death, its end
/// of the pipe closes, and the clusters are stopped and the folders removed. The test runner grants no time for that at its own exit.
/// </summary>
internal static class SpecFolders
{
    private const UnixFileMode PassThrough =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const string Undertaker = """
        trap '' INT TERM HUP
        exec > /dev/null 2>&1
        cat
        for pidfile in "$1"/*/pg/postmaster.pid; do
            pid=$(head -n 1 "$pidfile")
            case $(ps -o comm= -p "$pid") in
                *postgres) kill -QUIT "$pid" ;;
                *) rm -f "$pidfile" ;;
            esac
        done
        for wait in $(seq 100); do
            ls "$1"/*/pg/postmaster.pid || break
            sleep 0.1
        done
        rm -rf "$1"
        """;

    private const string InMemory = "/dev/shm";
    private const long RoomMin = 12L * 1024 * 1024 * 1024;

    private static readonly Lazy<(string Folder, Process Undertaker)> Run = new(Begin);
    private static int _made;

    public static string Next() =>
        Directory.CreateDirectory(Path.Combine(Run.Value.Folder, $"{Interlocked.Increment(ref _made)}")).FullName;

    private static (string Folder, Process Undertaker) Begin()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Place(), $"ledger-specs-{Path.GetRandomFileName()}")).FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, PassThrough);
        var start = new ProcessStartInfo("/bin/sh", ["-c", Undertaker, "undertaker", folder]) { RedirectStandardInput = true };
        return (folder, Process.Start(start)!);
    }

    /// <summary>
    /// In memory where there is plenty: each database of a run is half a thousand files, and while they are made and removed on a disk, a fifth of the time was seen to go to its
    /// directories. No spec
    /// can tell: what they kill are processes, and what was written outlives those in either place.
    /// </summary>
    private static string Place() =>
        Directory.Exists(InMemory) && GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >= RoomMin && new DriveInfo(InMemory).AvailableFreeSpace >= RoomMin
            ? InMemory
            : Path.GetTempPath();
}
