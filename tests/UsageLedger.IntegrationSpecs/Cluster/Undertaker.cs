using System.Diagnostics;

namespace UsageLedger.IntegrationSpecs.Cluster;

/// <summary>
/// A small process that outlives the specs: when their process is gone, by whatever death, its end of the pipe closes,
/// and the cluster is stopped and its folder removed. The test runner grants no time for that at its own exit.
/// </summary>
internal static class Undertaker
{
    private const string Script = """
        trap '' INT TERM HUP
        exec > /dev/null 2>&1
        cat
        pid=$(head -n 1 "$1/pg/postmaster.pid")
        [ -n "$pid" ] && kill -QUIT "$pid"
        for wait in $(seq 100); do
            [ -e "$1/pg/postmaster.pid" ] || break
            sleep 0.1
        done
        rm -rf "$1"
        """;

    private static readonly List<Process> Watching = [];

    public static void Watch(string folder)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "undertaker", folder]) { RedirectStandardInput = true };
        lock (Watching)
            Watching.Add(Process.Start(start)!);
    }
}
