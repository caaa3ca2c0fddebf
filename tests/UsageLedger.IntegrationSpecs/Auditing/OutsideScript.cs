using System.Diagnostics;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Demo;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>Runs the verifier in tests/outside-verifier, which shares nothing with the ledger but what is documented.</summary>
internal static class OutsideScript
{
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(2);

    public static Task<LedgerRun> RunAsync(string address, string key, params string[] arguments)
    {
        var script = Path.Combine(Page.Root, "tests/outside-verifier/verify_ledger.py");
        var start = new ProcessStartInfo("python3", ["-B", script, address, .. arguments])
        {
            Environment = { ["LEDGER_KEY"] = key, ["PYTHONIOENCODING"] = "utf-8" },
        };
        return LedgerRun.OfAsync(start, RunMax);
    }

    /// <summary>A file that holds the text, as an auditor keeps it.</summary>
    public static async Task<string> KeptAsync(string text)
    {
        var path = Path.Combine(SpecFolders.Next(), "kept.txt");
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
