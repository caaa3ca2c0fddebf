using System.CommandLine;

namespace UsageLedger.Host.Verbs;

/// <summary>The command line: each verb in a file of its own, listed here.</summary>
internal static class LedgerCommand
{
    private const int Misused = 2;
    private const int ErrorsMax = 3;

    /// <summary>A server that is told to stop ends its requests, signs the head and stops its PostgreSQL; two seconds would cut that off.</summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromMinutes(2);

    /// <summary>0 done, 1 failed or a check did not hold, 2 misused.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors.Take(ErrorsMax))
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync("Try 'ledger --help', or 'ledger VERB --help'.");
            return Misused;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopMax });
    }

    internal static RootCommand Create() =>
        new("The ledger of usage: records, cycles, audit.")
        {
            DemoVerb.Create(),
            ServeVerb.Create(),
            MigrateVerb.Create(),
            ImportVerb.Create(),
            KeysVerb.Create(),
            AuditorsVerb.Create(),
            CredentialsVerb.Create(),
            DoctorVerb.Create(),
            VerifyVerb.Create(),
            ProjectionsVerb.Create(),
            CyclesVerb.Create(),
            AnomaliesVerb.Create(),
            ExportVerb.Create(),
            CollectVerb.Create(),
            InvoicesVerb.Create(),
            ReconcileVerb.Create(),
            CoverageVerb.Create(),
            InboxVerb.Create(),
            SimulateVerb.Create(),
        };
}
