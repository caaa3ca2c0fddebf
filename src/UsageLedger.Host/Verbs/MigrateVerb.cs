using System.CommandLine;
using UsageLedger.EventLog;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger migrate</c>: brings the database to the schema of this program.</summary>
internal static class MigrateVerb
{
    public static Command Create() => VerbRun.Bind(new Command("migrate", "Bring the database to the schema of this program."), RunAsync);

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        await using var database = await LedgerDatabase.OpenAsync(run.Settings, "ledger migrate", run.Logs, ct);
        var applied = await LogSchema.MigrateAsync(database.Source, LedgerDatabase.SchemaAssemblies, Console.Error.WriteLine, ct);
        if (run.Json)
        {
            Output.Json(new { applied });
        }
        else
        {
            Console.WriteLine(applied.Count == 0 ? "The schema is up to date." : string.Join(Environment.NewLine, applied));
        }

        return 0;
    }
}
