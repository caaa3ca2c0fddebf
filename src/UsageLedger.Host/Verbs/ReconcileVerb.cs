using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using UsageLedger.Answering;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;
using UsageLedger.Recording;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger reconcile</c>: holds a vendor's invoice against the ledger; 1 when anything differs.</summary>
internal static class ReconcileVerb
{
    private const int NumberedMax = 2;

    private static readonly Option<string> TenantOption = new("--tenant") { Required = true, Description = "Whose invoice it is." };
    private static readonly Option<string> InvoiceOption = new("--invoice") { Required = true, Description = "Its id, or its number if no other has the same." };
    private static readonly Option<string?> ToleranceOption = new("--tolerance") { Description = "How far an amount may be off, in the invoice's currency." };
    private static readonly Option<string?> PercentOption = new("--percent") { Description = "How far amounts and quantities may be off, in percent." };

    public static Command Create() => VerbRun.Bind(
        new Command("reconcile", "Hold a vendor's invoice against the ledger.") { TenantOption, InvoiceOption, ToleranceOption, PercentOption }, RunAsync);

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        var tolerance = new Tolerance(Number(run, ToleranceOption), Number(run, PercentOption));
        var tenant = run.Arguments.GetRequiredValue(TenantOption);
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger reconcile", run.Logger, run.Logs, ct);
        var signer = ledger.Get<CheckpointSigner>();
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        if (await FindAsync(ledger, tenant, run.Arguments.GetRequiredValue(InvoiceOption), ct) is not { } invoice)
        {
            return 1;
        }

        var command = new MakeReconciliation(tenant, $"reconcile-{Guid.NewGuid():N}", invoice, tolerance);
        var reports = ledger.Get<ReportStore>();
        var outcome = await MakeReconciliationHandler.Handle(
            command, ledger.Get<InvoiceStore>(), reports, ledger.Get<LogReader>(), ledger.Get<LogAppender>(), ledger.Database, ct);
        if (outcome.Made is not { } made)
        {
            await Console.Error.WriteLineAsync($"{tenant} has no invoice {invoice:D}.");
            return 1;
        }

        await signer.IntroduceAsync(ct);
        await signer.KeepAsync(ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        await PrintAsync(run, reports, (await reports.FindAsync(tenant, made.ReconciliationId, ct))!, tenant, ct);
        return made.Counts.AllMatch && made.Totals.StatedDifference is null or 0 ? 0 : 1;
    }

    private static async Task<Guid?> FindAsync(LedgerTools ledger, string tenant, string named, CancellationToken ct)
    {
        if (Guid.TryParse(named, CultureInfo.InvariantCulture, out var id))
        {
            return id;
        }

        var found = await ListInvoicesHandler.Handle(new ListInvoices(tenant, null, named, null, NumberedMax), ledger.Database, ct);
        if (found is [var only])
        {
            return only.InvoiceId;
        }

        await Console.Error.WriteLineAsync(found.Count == 0 ? $"{tenant} has no invoice {named}." : $"Several invoices have the number {named}; name one by its id.");
        return null;
    }

    private static async Task PrintAsync(VerbRun run, ReportStore reports, StoredReport report, string tenant, CancellationToken ct)
    {
        var lines = reports.LinesAsync(tenant, report.Made, ct);
        if (!run.Json)
        {
            await ReconciliationTable.PrintAsync(report.Made, lines);
            return;
        }

        await using var output = Console.OpenStandardOutput();
        await JsonSerializer.SerializeAsync(output, ReportView.Of(report, lines), LedgerJson.Options, ct);
        output.WriteByte((byte)'\n');
    }

    private static decimal Number(VerbRun run, Option<string?> option) => run.Arguments.GetValue(option) is not { } text ? 0
        : ExactDecimal.Read(Encoding.UTF8.GetBytes(text), out var number) == DecimalReading.Exact && number >= 0 ? number
        : throw new SettingsException($"{option.Name} is '{text}'; give a number such as 0.01.");
}
