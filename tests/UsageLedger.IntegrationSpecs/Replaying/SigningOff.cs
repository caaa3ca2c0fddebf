using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Replaying;

/// <summary>Invoices that somebody answers for.</summary>
internal static class SigningOff
{
    /// <summary>Of August: 16 minutes of calls.</summary>
    public static readonly ProviderInvoice Invoice = new(
        "retell", null, "R-8", At("2026-08-01T00:00:00Z"), At("2026-09-01T00:00:00Z"), "UTC", "USD", null, [new InvoiceLine("1", "call", null, null, "minute", 16m, 1.9m)]);

    public static async Task SignAsync(Books books, ProviderInvoice received, bool orphans = false, Func<Task>? beforeSigning = null)
    {
        var (invoices, reports) = (new InvoiceStore(books.Log.Database, books.Log.Reader), new ReportStore(books.Log.Reader));
        var invoice = await ReceivedAsync(books, received);
        var made = (await MakeReconciliationHandler.Handle(
            new MakeReconciliation(Tenant, "spec", invoice, Tolerance.None), invoices, reports, books.Log.Reader, books.Appender, books.Log.Database, default)).Made!;
        if (orphans)
        {
            var lines = await reports.LinesAsync(Tenant, made, default).ToListAsync();
            await books.AppendAsync(new ReconciliationLines(made.ReconciliationId, "cd34", 1, lines).ToEvent(Tenant, invoice));
        }

        await (beforeSigning?.Invoke() ?? Task.CompletedTask);
        var signOff = new SignOffReconciliation(Tenant, "spec", made.ReconciliationId, "checked", Guid.Empty);
        (await SignOffReconciliationHandler.Handle(signOff, reports, invoices, books.Appender, books.Log.Database, default)).ShouldBe(SignOffVerdict.SignedOff);
    }

    /// <summary>A report that is of one mind with itself, whatever the log says; by the first rule.</summary>
    public static async Task HandMadeAsync(Books books, ProviderInvoice received, ReportFigures ledger, LineStatus status)
    {
        var (id, invoice) = (Guid.Parse("2f1b3a52-0c1e-4a8e-9a0c-0d5a6f0b7c11"), await ReceivedAsync(books, received));
        var position = await books.Log.HeadAsync();
        var root = Convert.ToHexStringLower(await new TreeReader(new LogTiles(books.Log.Database)).RootAsync(position, default));
        var billed = received.Lines[0];
        var difference = billed.Amount - ledger.Cost;
        var line = new ReportLine(
            1, "1", billed.Metric, null, null, billed.Unit, new ReportPeriod(Invoice.PeriodStart, Invoice.PeriodEnd), status, ledger,
            new ReportFigures(billed.Quantity, billed.Amount), difference, null, null, null, null);
        var made = new ReconciliationMade(
            id, invoice, "R-8", 1, received.Provider, null, Invoice.PeriodStart, Invoice.PeriodEnd, "UTC", "USD", Tolerance.None, position, position, root,
            new StatusCounts(0, 0, 0, 0, 1, 0), new ReportTotals(ledger.Cost, billed.Amount, difference, null, null), [], 1, 1, "ab12");
        await books.AppendAsync(new ReconciliationLines(id, "ab12", 1, [line]).ToEvent(Tenant, invoice));
        await books.AppendAsync(made.ToEvent(Tenant));
        await books.AppendAsync(new ReconciliationSignedOff(id, invoice, "checked", Guid.Empty, "finance", position, position, root, "ab12").ToEvent(Tenant));
    }

    public static async Task<Guid> ReceivedAsync(Books books, ProviderInvoice invoice) => (await ReceiveInvoiceHandler.Handle(
        new ReceiveInvoice(Tenant, "spec", invoice, "posted", false), new InvoiceStore(books.Log.Database, books.Log.Reader), books.Appender, default)).Told!.InvoiceId;
}
