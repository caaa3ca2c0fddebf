using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Web;
using UsageLedger.Reconciling;
using static UsageLedger.IntegrationSpecs.Reconciling.Desk;

namespace UsageLedger.IntegrationSpecs.Reconciling;

/// <summary>An invoice is held against the ledger as it stands at a position; what is signed off never changes.</summary>
public sealed class ReconciliationHttpSpecs(ServedLedger ledger) : IClassFixture<ServedLedger>
{
    private const string Fifth = """{"id":"1","metric":"call.llm","date":"2026-10-05","quantity":"100","amount":"0.10"}""";
    private const string Sixth = """{"id":"2","metric":"call.llm","date":"2026-10-06","quantity":"50","amount":"0.05"}""";

    [Fact]
    public async Task The_ledger_side_is_what_usage_is_after_revisions_voids_and_mappings()
    {
        var desk = await OpenAsync(ledger);
        var recorded = await desk.RecordAsync(
            Usage("kept", "05T10:00:00", "60", "0.06"), Usage("revised", "05T11:00:00", "10", "0.99"), Usage("moved", "06T12:00:00", "30", "0.03"),
            Usage("voided", "05T12:00:00", "7", "0.07"), Usage("else", "05T12:00:00", "7", "0.07").Replace("retell-main", "retell-other", StringComparison.Ordinal));
        await desk.RecordAsync(
            Usage("revised", "05T11:00:00", "10", "0.01", more: ",\"revision\":true"),
            Usage("moved", "05T12:00:00", "30", "0.03", more: ",\"revision\":true").Replace("contoso", "fabrikam", StringComparison.Ordinal));
        (await desk.Caller.VoidAsync(recorded.EventId(3), """{"reason":"Never happened."}""")).Status.ShouldBe(200);

        var report = await desk.ReconcileAsync(Invoice(Fifth));

        report.Status.ShouldBe(201, report.Text);
        Told(report).ShouldBe(["1 matched 0.1 0.1 0"]);
        (await EventsAsync(desk, report, 1)).ShouldBe(["kept 60 0.06 1", "revised 10 0.99 1", "voided 7 0.07 1", "revised 0 -0.98 0", "moved 30 0.03 1", "voided -7 -0.07 -1"]);
    }

    [Fact]
    public async Task A_report_says_of_each_line_what_it_is_and_leads_to_its_events()
    {
        var desk = await OpenAsync(ledger);
        await desk.RecordAsync(
            Usage("a", "05T10:00:00", "60", "0.06"), Usage("b", "06T11:00:00", "50", "0.04"), Usage("c", "07T11:00:00", "5", "0.05"), Usage("d", "05T10:00:00", "1", null));

        var report = await desk.ReconcileAsync(Invoice($"{Fifth},{Sixth},{"""{"id":"3","metric":"fees","quantity":"0","amount":"-1"}"""}", more: ",\"total\":\"-0.9\""));

        Told(report).ShouldBe(
            ["1 quantity_differs 0.06 0.1 0.04", "2 price_differs 0.04 0.05 0.01", "3 missing_in_ledger 0 -1 -1", " missing_at_provider 0.05 0 -0.05"]);
        report.Json["counts"]!.ToJsonString().ShouldBe("""{"matched":0,"missingInLedger":1,"missingAtProvider":1,"quantityDiffers":1,"priceDiffers":1,"periodDiffers":0}""");
        report.Json["totals"]!.ToJsonString().ShouldBe("""{"ledger":"0.15","provider":"-0.85","difference":"-1","stated":"-0.9","statedDifference":"-0.05"}""");
        report.Json["findings"]!.AsArray().Select(finding => (string)finding!["code"]!).ShouldBe(["stated_total_differs", "pending_costs"]);
        (await EventsAsync(desk, report, 1)).ShouldBe(["a 60 0.06 1", "d 1 0 1"]);
        (await EventsAsync(desk, report, 4)).ShouldBe(["c 5 0.05 1"]);
    }

    [Fact]
    public async Task At_the_same_position_it_is_the_same_report_to_the_last_byte()
    {
        var desk = await OpenAsync(ledger);
        await desk.RecordAsync(Usage("a", "05T10:00:00", "100", "0.10"));
        var first = await desk.ReconcileAsync(Invoice(Fifth));
        var position = (long)first.Json["position"]!;
        await desk.RecordAsync(Usage("b", "05T11:00:00", "1", "0.01"));

        var later = await desk.ReconcileIdAsync((string)first.Json["invoiceId"]!);
        var again = await desk.ReconcileIdAsync((string)first.Json["invoiceId"]!, $",\"position\":{position}");
        var beyond = await desk.ReconcileIdAsync((string)first.Json["invoiceId"]!, ",\"position\":2000000000");

        (again.Status, again.Text).ShouldBe((200, first.Text));
        (later.Status, Told(later)[0]).ShouldBe((201, "1 quantity_differs 0.11 0.1 -0.01"));
        (beyond.Status, beyond.Errors.ShouldHaveSingleItem()).ShouldBe((422, "/position position_not_reached"));
        ((string)(await desk.Caller.GetAsync($"/v1/ledger/consistency?from={position}&to={position}")).Json["toRoot"]!).ShouldBe((string)first.Json["rootHash"]!);
    }

    [Fact]
    public async Task What_is_signed_off_says_who_and_when_and_never_changes()
    {
        var desk = await OpenAsync(ledger);
        await desk.RecordAsync(Usage("a", "05T10:00:00", "100", "0.10"));
        var report = await desk.ReconcileAsync(Invoice(Fifth));
        var path = $"/v1/reconciliations/{report.Json["id"]}";

        var signed = await desk.Caller.PostAsync(path + "/sign-off", """{"note":"Paid."}""");
        var again = await desk.Caller.PostAsync(path + "/sign-off", """{"note":"Paid."}""");
        var other = await desk.Caller.PostAsync(path + "/sign-off", """{"note":"Not paid."}""");
        await desk.RecordAsync(Usage("b", "05T11:00:00", "1", "0.01"));
        var read = await desk.Caller.GetAsync(path);

        (signed.Status, again.Text, other.Status, other.Code).ShouldBe((200, signed.Text, 409, "already_signed_off"));
        ((string)read.Json["signOff"]!["note"]!, (string)read.Json["signOff"]!["keyName"]!).ShouldBe(("Paid.", "finance"));
        ((string)signed.Json["reportHash"]!, read.Json["lines"]!.ToJsonString()).ShouldBe(((string)report.Json["reportHash"]!, report.Json["lines"]!.ToJsonString()));
        var listed = await desk.Caller.GetAsync($"/v1/reconciliations?invoiceId={report.Json["invoiceId"]}&minPosition={await HeadAsync(desk)}");
        ((string)listed.Items.ShouldHaveSingleItem()["signedOffBy"]!).ShouldBe("finance");
        (await SignedOffAsync(desk.Caller.Tenant)).ShouldHaveSingleItem().IsSignedOff.ShouldBeTrue();
    }

    [Fact]
    public async Task A_report_of_an_invoice_that_was_revised_since_cannot_be_signed_off()
    {
        var desk = await OpenAsync(ledger);
        var report = await desk.ReconcileAsync(Invoice(Fifth));
        await desk.PostInvoiceAsync(Invoice(Sixth, more: ",\"revision\":true"));

        var refused = await desk.Caller.PostAsync($"/v1/reconciliations/{report.Json["id"]}/sign-off", "");

        (refused.Status, refused.Code).ShouldBe((409, "invoice_revised"));
        Told(await desk.Caller.GetAsync($"/v1/reconciliations/{report.Json["id"]}")).ShouldBe(Told(report));
    }

    [Fact]
    public async Task A_report_is_given_as_the_caller_accepts_it()
    {
        var desk = await OpenAsync(ledger);
        await desk.RecordAsync(Usage("a", "05T10:00:00", "100", "0.10"));
        var report = await desk.ReconcileAsync(Invoice(
            Fifth.Replace("\"1\"", "\"=cmd|' /C calc'!A1\"", StringComparison.Ordinal) + ',' + Sixth, number: "<script>alert(1)</script>"));
        var path = $"/v1/reconciliations/{report.Json["id"]}";

        var csv = await desk.GetAsync(path, "text/csv");
        var page = await desk.GetAsync(path, "text/html,application/xhtml+xml,*/*;q=0.8");

        (csv.ContentType!.MediaType, csv.Text.Split("\r\n")[1][..40]).ShouldBe(("text/csv", "1,'=cmd|' /C calc'!A1,call.llm,,2026-10-"));
        csv.Text.Split("\r\n").Length.ShouldBe(4);
        page.ContentType!.MediaType.ShouldBe("text/html");
        page.Text.ShouldContain("&lt;script&gt;");
        page.Text.ShouldNotContain("<script");
        page.Text.ShouldNotContain("<tfoot", Case.Sensitive, "it would be printed on every sheet");
        (await desk.GetAsync(path, "application/json;q=0.5, text/csv;q=0.4")).ContentType!.MediaType.ShouldBe("application/json");
        (await desk.GetAsync(path, "text/*")).ContentType!.MediaType.ShouldBe("text/csv");
        (await desk.GetAsync(path, "application/pdf")).Status.ShouldBe(406);
        Told(await desk.Caller.GetAsync(path + "?status=missing_in_ledger")).ShouldBe(["2 missing_in_ledger 0 0.05 0.05"]);
    }

    [Fact]
    public async Task Nobody_else_sees_it_and_only_admins_make_it()
    {
        var desk = await OpenAsync(ledger);
        var report = await desk.ReconcileAsync(Invoice(Fifth));
        var stranger = await OpenAsync(ledger);
        var reader = await OpenAsync(ledger, desk.Caller.Tenant, "query");
        var (path, invoice) = ($"/v1/reconciliations/{report.Json["id"]}", $"/v1/provider-invoices/{report.Json["invoiceId"]}");

        foreach (var hidden in new[] { path, path + "/lines/1/events", invoice })
        {
            (await stranger.Caller.GetAsync(hidden)).Status.ShouldBe(404, hidden);
            (await reader.Caller.GetAsync(hidden)).Status.ShouldBe(200, hidden);
        }

        (await stranger.Caller.PostAsync(path + "/sign-off", "")).Status.ShouldBe(404);
        (await stranger.ReconcileIdAsync((string)report.Json["invoiceId"]!)).Status.ShouldBe(404);
        (await reader.Caller.PostAsync(path + "/sign-off", "")).Status.ShouldBe(403);
        (await reader.ReconcileIdAsync((string)report.Json["invoiceId"]!)).Status.ShouldBe(403);
        (await reader.PostInvoiceAsync(Invoice(Fifth, "INV-2"))).Status.ShouldBe(403);
        (await desk.Caller.GetAsync(path + "/lines/2/events")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task The_lists_are_the_same_when_they_are_built_again()
    {
        var desk = await OpenAsync(ledger);
        await desk.ReconcileAsync(Invoice(Fifth));
        await desk.Caller.GetAsync($"/v1/reconciliations?minPosition={await HeadAsync(desk)}");

        var rebuilt = await new ProjectionRebuild(Database, new ProjectionOptions()).RunAsync(new Reconciliations(), verify: true, null, default);

        rebuilt.Differences.ShouldBe(0);
    }

    private NpgsqlDataSource Database => ledger.App.Services.GetRequiredService<NpgsqlDataSource>();

    private static IReadOnlyList<string> Told(Reply report) =>
    [
        .. report.Json["lines"]!.AsArray().Select(line =>
            $"{line!["invoiceLine"]} {line["status"]} {line["ledger"]!["cost"]} {line["provider"]!["cost"]} {line["difference"]}"),
    ];

    /// <summary>The events behind a line, page by page.</summary>
    private static async Task<IReadOnlyList<string>> EventsAsync(Desk desk, Reply report, int line)
    {
        var (url, events) = ((string)report.Json["lines"]![line - 1]!["eventsUrl"]!, new List<JsonObject>());
        for (string? cursor = ""; cursor is not null && events.Count < 100;)
        {
            var page = await desk.Caller.GetAsync($"{url}?limit=2{cursor}");
            page.Status.ShouldBe(200, page.Text);
            events.AddRange(page.Items);
            cursor = page.Json["nextCursor"] is { } next ? $"&cursor={next}" : null;
        }

        return [.. events.Select(one => $"{one["idempotencyKey"]} {one["quantity"]} {one["cost"]} {one["records"]}")];
    }

    private static async Task<string> HeadAsync(Desk desk)
    {
        var events = await desk.Caller.GetAsync("/v1/ledger/events?limit=1000");
        return events.Json["events"]!.AsArray().Max(one => (long)one!["position"]!).ToString(CultureInfo.InvariantCulture);
    }

    private Task<IReadOnlyList<ReconciliationSummary>> SignedOffAsync(string tenant) => ReconciliationReads.SignedOffAsync(
        Database, tenant, NodaTime.Instant.FromUtc(2026, 10, 1, 0, 0), NodaTime.Instant.FromUtc(2026, 11, 1, 0, 0), Guid.Empty, default);
}
