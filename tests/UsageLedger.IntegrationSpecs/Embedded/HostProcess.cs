using System.Diagnostics;
using System.Globalization;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Embedded;

/// <summary>A process of its own that uses a cluster until it is killed; it runs these specs' assembly, whose startup hook does the work.</summary>
internal sealed class HostProcess : IDisposable
{
    public const string DataDirVariable = "LEDGER_SPECS_HOST_DATADIR";

    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private HostProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<HostProcess> StartAsync(DataDir dir)
    {
        var specs = typeof(HostProcess).Assembly.Location;
        var process = Process.Start(new ProcessStartInfo(LedgerProgram.DotNet, [specs])
        {
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_STARTUP_HOOKS"] = specs, [DataDirVariable] = dir.Path },
        })!;
        var port = await process.StandardOutput.ReadLineAsync().WaitAsync(ReadyMax);
        return new HostProcess(process, int.Parse(port.ShouldNotBeNull(), CultureInfo.InvariantCulture));
    }

    /// <summary>kill -9 of this process alone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
