using System.CommandLine;
using NodaTime;
using UsageLedger.EventLog.Reading;
using UsageLedger.Exporting;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger export</c>: the document on standard output and nothing else; what it comes to on standard error.</summary>
internal static class ExportVerb
{
    private static readonly Option<string> FormatOption = new("--format") { Required = true, Description = "csv, ndjson, or focus (CSV with FOCUS columns)." };

    public static Command Create() => VerbRun.Bind(
        new Command("export", "Write the usage of a cycle as a document, a row for each usage and line.")
        {
            CyclesVerb.TenantOption, CyclesVerb.ClientOption, CyclesVerb.CycleOption, FormatOption,
        },
        RunAsync);

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        if (run.Json)
        {
            throw new SettingsException("export writes the document itself; --format ndjson is JSON.");
        }

        var format = ExportFormats.Find(run.Arguments.GetRequiredValue(FormatOption))
            ?? throw new SettingsException($"--format is one of {string.Join(", ", ExportFormats.Words)}.");
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger export", run.Logger, run.Logs, ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        var (tenant, client, cycle) = CyclesVerb.Named(run);
        var query = new ExportCycle(tenant, client, cycle, format, ledger.Get<IClock>().GetCurrentInstant());
        if (await ExportCycleHandler.Handle(query, ledger.Get<LogReader>(), ledger.Database, ct) is not { } export)
        {
            await Console.Error.WriteLineAsync(CyclesVerb.Unknown(tenant, client, cycle));
            return 1;
        }

        await using var output = Console.OpenStandardOutput();
        var (summary, digest) = await export.WriteAsync(output, ct);
        var totals = string.Join(", ", summary.Totals.Select(total => $"{total.Cost} {total.Currency}"));
        await Console.Error.WriteLineAsync(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"cycle {export.CycleId} as of position {summary.Position}: rows {summary.Rows}, total {(totals.Length > 0 ? totals : "0")}, sha256 {Convert.ToHexStringLower(digest)}"));
        return 0;
    }
}
