using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using UsageLedger.Cycles;
using UsageLedger.EventLog.Verifying;
using UsageLedger.Host.Telemetry;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger verify</c>: whether the log is what was appended, and if not, where.</summary>
internal static class VerifyVerb
{
    private const int ShownMax = 50;
    private const int ListedMax = 10_000;

    private static readonly Option<FileInfo[]> CheckpointOption = new("--checkpoint")
    {
        Description = "A signed checkpoint kept elsewhere, to hold the log against (repeatable).",
    };

    public static Command Create() =>
        VerbRun.Bind(new Command("verify", "Hold the whole log against its hashes and signed heads, and the figures of closed cycles against the log.") { CheckpointOption }, RunAsync);

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        await using var database = await LedgerDatabase.OpenAsync(run.Settings, "ledger verify", run.Logs, ct);
        var options = await KeptProofs.ReadAsync(run.Settings, run.Arguments.GetValue(CheckpointOption) ?? [], ct);
        using var export = run.Settings.TelemetryEndpoint is null ? null : OtlpExport.TryOpen(run.Logs.CreateLogger<OtlpExport>());
        var started = Stopwatch.GetTimestamp();
        var verifier = new LogVerifier(database.Source, options);
        var outcome = await ProgressLine.RunAsync("verifying", "events", progress => verifier.RunAsync(progress, ct));
        if (outcome.Whole && await ClosedCycleCheck.RunAsync(database.Source, ct) is { Count: > 0 } changed)
        {
            outcome = outcome with { DamagedTotal = changed.Count, Damaged = [.. changed.Take(ListedMax)] };
        }

        VerifyMetrics.Tell(outcome, started);
        if (run.Json)
        {
            Output.Json(new
            {
                whole = outcome.Whole,
                events = outcome.Events,
                treeSize = outcome.TreeSize,
                rootHash = outcome.RootHash,
                checkpoints = outcome.Checkpoints,
                unknownKeys = outcome.UnknownKeys,
                damagedTotal = outcome.DamagedTotal,
                damaged = outcome.Damaged.Select(damage => new { position = damage.Position, kind = damage.KindName, detail = damage.Detail }),
            });
        }
        else
        {
            Print(outcome);
            foreach (var key in outcome.UnknownKeys)
            {
                Console.WriteLine($"  note: heads are signed by key {key}, which this installation has never used; another host of this log should know it");
            }

            foreach (var kept in options.Kept.Where(kept => kept.IsEmpty))
            {
                Console.WriteLine($"  note: the kept checkpoint {kept.KeptAt} is an empty file, as a power cut leaves one; delete it");
            }
        }

        return outcome.Whole ? 0 : 1;
    }

    private static void Print(VerifyOutcome outcome)
    {
        if (outcome.Whole)
        {
            Word("whole", "green", string.Create(CultureInfo.InvariantCulture, $": {outcome.Events:N0} events, {outcome.Checkpoints:N0} signed heads, root {outcome.RootHash}"));
            return;
        }

        Word("damaged", "red", string.Create(CultureInfo.InvariantCulture, $" in {outcome.DamagedTotal:N0} places; {outcome.Events:N0} events, tree of {outcome.TreeSize:N0}"));
        foreach (var damage in outcome.Damaged.Take(ShownMax))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  position {damage.Position}: {damage.KindName}, {damage.Detail}"));
        }

        if (outcome.DamagedTotal > ShownMax)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {outcome.DamagedTotal - ShownMax:N0} more; --json lists up to {outcome.Damaged.Count:N0}"));
        }
    }

    /// <summary>A coloured word and the rest of its line, which is not broken where no person looks.</summary>
    private static void Word(string word, string colour, string rest)
    {
        Output.Console.Markup($"[{colour}]{word}[/]");
        Console.WriteLine(rest);
    }
}
