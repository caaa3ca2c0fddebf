using System.Globalization;
using System.Net;
using System.Text.Json;
using Spectre.Console;
using UsageLedger.Answering;
using UsageLedger.Simulators.Truth;

namespace UsageLedger.Host.Demo;

/// <summary>Holds an invoice of Twilio, with one call charged too dearly, against the ledger, and signs the report off.</summary>
internal static class ReconcileStep
{
    private const decimal TooMuch = 0.05m;

    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        var source = run.Vendors.Sources.First(source => source.Provider == "twilio");
        var bill = run.Vendors.Bill.Where(item => item.Provider == "twilio" && item.Account == source.Account).ToList();
        run.Page.Heading($"Reconcile an invoice of twilio: {bill.Count:N0} lines, one of them too dear");
        var invoice = (await run.Office.PostAsync("/v1/provider-invoices", Invoice(run, source, bill), ct)).Expect(HttpStatusCode.OK, HttpStatusCode.Created).Json;
        var report = (await run.Office.PostAsync("/v1/reconciliations", Body(new { InvoiceId = invoice.GetProperty("invoiceId").GetString() }), ct))
            .Expect(HttpStatusCode.OK, HttpStatusCode.Created).Json;
        Show(run, report);
        var differing = report.GetProperty("lines").EnumerateArray().Where(line => line.GetProperty("status").GetString() != "matched").ToList();
        foreach (var line in differing)
        {
            run.Page.Sentence(line.GetProperty("explanation").GetString()!);
        }

        run.Check(differing is [var one] && one.GetProperty("status").GetString() == "price_differs", "the one wrong line is found, and no other");
        var id = report.GetProperty("id").GetString();
        var signed = await run.Office.PostAsync($"/v1/reconciliations/{id}/sign-off", Body(new { Note = "One call too dear; claimed back." }), ct);
        run.Check(signed.Status is HttpStatusCode.OK or HttpStatusCode.Created, "it is signed off: the report stays as it is");
        run.Page.Line("the same to print, with Accept: text/html:");
        run.Page.Line($"GET /v1/reconciliations/{id}");
    }

    private static void Show(DemoRun run, JsonElement report)
    {
        var table = DemoRun.Columns(">matched", ">price differs", ">other", ">ledger USD", ">invoice USD", ">difference");
        var (counts, totals) = (report.GetProperty("counts"), report.GetProperty("totals"));
        int Count(string name) => counts.GetProperty(name).GetInt32();
        table.AddRow(
            $"{Count("matched"):N0}", $"{Count("priceDiffers"):N0}",
            $"{Count("missingInLedger") + Count("missingAtProvider") + Count("quantityDiffers") + Count("periodDiffers"):N0}",
            totals.GetProperty("ledger").GetString()!, totals.GetProperty("provider").GetString()!, totals.GetProperty("difference").GetString()!);
        run.Page.Table(table);
    }

    private static byte[] Invoice(DemoRun run, DemoSource source, List<TruthItem> bill)
    {
        var lines = bill.Select((item, index) => new
        {
            Id = $"{index + 1}",
            Metric = "*",
            ResourceId = item.NativeId,
            item.Quantity,
            Amount = Plain(Cost(item) + (index == bill.Count / 2 ? TooMuch : 0)),
        });
        return Body(new
        {
            Provider = "twilio",
            SourceId = source.Id,
            Number = $"TW-{run.Month.Id}",
            PeriodStart = run.Month.Start,
            PeriodEnd = run.Month.End,
            TimeZone = "UTC",
            Currency = "USD",
            Lines = lines,
            Total = Plain(bill.Sum(Cost) + TooMuch),
        });
    }

    private static decimal Cost(TruthItem item) => item.Cost is { } cost ? decimal.Parse(cost, CultureInfo.InvariantCulture) : 0;

    private static string Plain(decimal amount) => amount.ToString("0.############################", CultureInfo.InvariantCulture);

    private static byte[] Body<T>(T body) => JsonSerializer.SerializeToUtf8Bytes(body, LedgerJson.Options);
}
