using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.Importing;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger import</c>: records the usage in a file. Interrupted or repeated, it records nothing twice.</summary>
internal static class ImportVerb
{
    private static readonly Argument<FileInfo> FileArgument = new("file") { Description = "The file." };
    private static readonly Option<string> TenantOption = new("--tenant") { Required = true, Description = "Whose usage it is." };
    private static readonly Option<string> SourceOption = new("--source") { Required = true, Description = "The source of its records." };
    private static readonly Option<string?> ClientOption = new("--client") { Description = "The client of records that name none." };
    private static readonly Option<string?> FormatOption = new("--format") { Description = $"{string.Join(", ", ImportFormats.Names)}; told by the file's name unless given." };
    private static readonly Option<string[]> PriceOption = new("--price") { Description = "METRIC=UNITCOST, for records that have no cost (repeatable)." };
    private static readonly Option<bool> RevisionOption = new("--revision") { Description = "Other content under a known key revises it." };

    public static Command Create() => VerbRun.Bind(
        new Command("import", "Record the usage in a file.")
        {
            FileArgument, TenantOption, SourceOption, ClientOption, FormatOption, PriceOption, RevisionOption,
        },
        RunAsync);

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        var file = run.Arguments.GetRequiredValue(FileArgument);
        var command = Command(run, file);
        await using var stream = Open(file);
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger import", run.Logger, run.Logs, ct);
        await ledger.Get<CheckpointSigner>().IntroduceAsync(ct);
        var started = Stopwatch.GetTimestamp();
        var summary = await ProgressLine.RunAsync(
            $"importing {file.Name}", "records",
            progress => ImportUsageHandler.Handle(command, stream, ledger.Get<LogAppender>(), new Reported(progress), ct));
        await ledger.Get<CheckpointSigner>().KeepAsync(ct);
        await PrintAsync(run, ledger, command, summary, Stopwatch.GetElapsedTime(started), ct);
        return summary.IsClean ? 0 : 1;
    }

    private static ImportUsage Command(VerbRun run, FileInfo file)
    {
        var tenant = run.Arguments.GetRequiredValue(TenantOption);
        var source = run.Arguments.GetRequiredValue(SourceOption);
        var client = run.Arguments.GetValue(ClientOption);
        if (ImportNames.Problem(tenant, source, client) is { } problem)
        {
            throw new SettingsException(problem);
        }

        var format = run.Arguments.GetValue(FormatOption) is { } named
            ? ImportFormats.Find(named) ?? throw new SettingsException($"--format is '{named}'; it can be {string.Join(", ", ImportFormats.Names)}.")
            : ImportFormats.OfFile(file.Name) ?? throw new SettingsException($"The name of {file.Name} does not tell its format; give --format {string.Join('|', ImportFormats.Names)}.");
        var prices = new Dictionary<string, decimal>();
        foreach (var text in run.Arguments.GetValue(PriceOption) ?? [])
        {
            var (metric, unitCost) = UnitCostOption.Parse(text)
                ?? throw new SettingsException($"--price is '{text}'; write it as METRIC=UNITCOST, such as llm.tokens.input=0.00000015.");
            prices[metric] = unitCost;
        }

        var defaults = ImportUsage.DefaultsOf(source, client, prices, run.Arguments.GetValue(RevisionOption));
        return new ImportUsage(tenant, $"import-{Guid.NewGuid():N}", file.Name, format, defaults, LedgerServices.Clock.GetCurrentInstant());
    }

    private static FileStream Open(FileInfo file)
    {
        try
        {
            return new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SettingsException($"There is no file {file.FullName}.", failure);
        }
    }

    private static async Task PrintAsync(VerbRun run, LedgerTools ledger, ImportUsage command, ImportSummary summary, TimeSpan elapsed, CancellationToken ct)
    {
        if (run.Json)
        {
            Output.Json(new { summary.Accepted, summary.Duplicates, summary.Revised, summary.Conflicts, summary.Rejected, summary.Position, summary.Problems });
            return;
        }

        var rate = summary.Records / Math.Max(0.001, elapsed.TotalSeconds);
        Output.Console.MarkupLineInterpolated(
            $"{summary.Accepted:N0} accepted, {summary.Duplicates:N0} duplicates, {summary.Revised:N0} revised, {summary.Conflicts:N0} in conflict, {summary.Rejected:N0} rejected; {rate:N0} records/s");
        foreach (var problem in summary.Problems)
        {
            Output.Console.MarkupLineInterpolated($"  line {problem.Line} {problem.At}: {problem.Message} ({problem.Code})");
        }

        if (command.Defaults.ClientId is { } client)
        {
            await ImportedCycles.PrintAsync(ledger, command.Tenant, client, summary, run.Logs, ct);
        }
    }

    private sealed class Reported(IProgress<long> records) : IProgress<ImportSummary>
    {
        public void Report(ImportSummary value) => records.Report(value.Records);
    }
}
