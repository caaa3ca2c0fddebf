using System.Diagnostics;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>The built executable, run as a person runs it: in a data directory, on the PostgreSQL embedded there or on a given one.</summary>
internal sealed class LedgerProgram(string? connectionString = null, string? dataDir = null)
{
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "ledger.dll");

    /// <summary>The program that runs built ones: the one that runs the specs, where that is known.</summary>
    public static string DotNet { get; } = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public string DataDir { get; } = dataDir ?? SpecFolders.Next();

    /// <summary>How long a verb may take.</summary>
    public TimeSpan RunMax { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Beyond where its data and its database are.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string In(string name) => Path.Combine(DataDir, name);

    /// <summary>Runs a verb to its end.</summary>
    public async Task<LedgerRun> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), output, errors).WaitAsync(RunMax);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw new TimeoutException($"ledger {string.Join(' ', arguments)} did not end within {RunMax.TotalSeconds} s.");
        }

        return new LedgerRun(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts a verb; its output and errors must be read.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(DotNet, [Executable, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = DataDir,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfLedger).ToList())
            start.Environment.Remove(name);
        start.Environment["Ledger__DataDir"] = DataDir;
        if (connectionString is not null)
            start.Environment["ConnectionStrings__Ledger"] = connectionString;
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>What the developer's own shell configures must not reach a spec.</summary>
    private static bool IsOfLedger(string name) =>
        name.StartsWith("Ledger__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase);
}
