using UsageLedger.EventLog.Checkpoints;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;
using UsageLedger.Recording;
using UsageLedger.Replaying;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Replaying;

public sealed class FailedFreeSpecs
{
    [Fact]
    public async Task Of_messages_that_came_to_fail_free_of_charge_report_and_events_and_replay_say_the_same()
    {
        await using var books = await OpenAsync();
        var (pending, mistaken) = (Message("pending", null), Message("mistaken", 0m));
        await books.RecordAsync(Message("sent", 0.01m) with { Attributes = [] }, pending, mistaken, Message("free", 0m));
        await books.ReviseAsync(pending with { Cost = 0m });
        await books.VoidAsync(mistaken);
        var (invoices, reports) = (new InvoiceStore(books.Log.Database, books.Log.Reader), new ReportStore(books.Log.Reader));
        var invoice = await SigningOff.ReceivedAsync(
            books, SigningOff.Invoice with { Provider = "twilio", Lines = [new InvoiceLine("1", "sms.outbound", null, null, "segment", 1m, 0.01m)] });

        var made = (await MakeReconciliationHandler.Handle(
            new MakeReconciliation(Tenant, "spec", invoice, Tolerance.None), invoices, reports, books.Log.Reader, books.Appender, books.Log.Database, default)).Made!;
        var line = await reports.LinesAsync(Tenant, made, default).SingleAsync();
        var behind = await new LineEvents(books.Log.Database, invoices, reports).PageAsync(Tenant, made, line, 0, 100, default);
        var replayed = await new ReconciliationReplay(books.Log.Reader, new LogTiles(books.Log.Database), books.Log.Database, Tenant).RunAsync(made, new Findings(), default);

        (line.Status, line.Ledger).ShouldBe((LineStatus.Matched, new ReportFigures(1m, 0.01m, 1, 0)));
        made.Findings.ShouldHaveSingleItem().Count.ShouldBe(2);
        (behind.Events.Sum(one => one.Quantity), behind.Events.Sum(one => one.Cost), behind.Events.Sum(one => one.Records)).ShouldBe((1m, 0.01m, 1));
        ReplayedReport.Compare(made, [line], replayed.ShouldNotBeNull()).ShouldBeEmpty();
    }

    private static UsageRecord Message(string key, decimal? cost) => Usage(key, "2026-08-02T10:00:00Z", 1m, cost) with
    {
        Provider = "twilio", Metric = "sms.outbound", Unit = "segment", Attributes = [new("status", "failed")],
    };
}
