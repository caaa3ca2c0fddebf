using System.Diagnostics;
using System.Globalization;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>Kills a process when the test run is gone, by whatever death: then this run's end of the pipe closes.</summary>
internal sealed class Lifeline : IDisposable
{
    private const string Watch = """
        trap '' INT TERM HUP
        exec > /dev/null 2>&1
        read -r line
        kill -KILL "$1"
        """;

    private readonly Process _watcher;

    public Lifeline(Process watched) => _watcher = Process.Start(
        new ProcessStartInfo("/bin/sh", ["-c", Watch, "lifeline", watched.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardInput = true })!;

    /// <summary>The process has ended: its number may soon be another's.</summary>
    public void Dispose()
    {
        _watcher.Kill();
        _watcher.WaitForExit();
        _watcher.Dispose();
    }
}
