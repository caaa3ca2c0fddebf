using UsageLedger.IntegrationSpecs.Web;
using static UsageLedger.IntegrationSpecs.Reconciling.Desk;

namespace UsageLedger.IntegrationSpecs.Reconciling;

/// <summary>Vendors' invoices are taken in once, whole or not at all.</summary>
public sealed class InvoiceHttpSpecs(ServedLedger ledger) : IClassFixture<ServedLedger>
{
    private const string Line = """{"id":"1","metric":"call.llm","date":"2026-10-05","quantity":"60","amount":"0.06"}""";

    [Fact]
    public async Task The_same_number_with_the_same_content_is_the_same_invoice()
    {
        var desk = await OpenAsync(ledger);

        var made = await desk.PostInvoiceAsync(Invoice(Line));
        var again = await desk.PostInvoiceAsync(Invoice(Line.Replace("\"0.06\"", "6e-2", StringComparison.Ordinal)));

        (made.Status, (string)made.Json["status"]!, made.Header("Location")).ShouldBe((201, "accepted", $"/v1/provider-invoices/{made.Json["invoiceId"]}"));
        (again.Status, (string)again.Json["status"]!, (string)again.Json["invoiceId"]!).ShouldBe((200, "duplicate", (string)made.Json["invoiceId"]!));
        again.Position.ShouldBe(made.Position);
    }

    [Fact]
    public async Task Another_content_is_a_conflict_unless_it_is_said_to_be_a_revision()
    {
        var desk = await OpenAsync(ledger);
        var made = await desk.PostInvoiceAsync(Invoice(Line));
        var other = Line.Replace("0.06", "0.07", StringComparison.Ordinal);

        var conflict = await desk.PostInvoiceAsync(Invoice(other));
        var revised = await desk.PostInvoiceAsync(Invoice(other, more: ",\"revision\":true"));

        (conflict.Status, conflict.Code).ShouldBe((409, "invoice_number_reused"));
        (revised.Status, (string)revised.Json["status"]!, (int)revised.Json["revision"]!).ShouldBe((200, "revised", 2));
        var read = await desk.Caller.GetAsync($"/v1/provider-invoices/{made.Json["invoiceId"]}");
        ((int)read.Json["revision"]!, (string)read.Json["lines"]![0]!["amount"]!).ShouldBe((2, "0.07"));
        var listed = await desk.Caller.GetAsync($"/v1/provider-invoices?number=INV-1&minPosition={revised.Position}");
        ((int)listed.Items.ShouldHaveSingleItem()["revision"]!, (string)listed.Items[0]["amount"]!).ShouldBe((2, "0.07"));
    }

    [Fact]
    public async Task A_file_of_CSV_says_the_same_as_JSON()
    {
        var desk = await OpenAsync(ledger);
        var json = await desk.PostInvoiceAsync(Invoice(Line + """,{"id":"2","metric":"call.voice","resourceId":"a, \"b\"","quantity":"1","amount":"-2"}""", more: ",\"total\":\"-1.94\""));

        var csv = await desk.Caller.PostAsync("/v1/provider-invoices", """"
            id,metric,resourceId,date,quantity,amount,provider,sourceId,number,periodStart,periodEnd,total
            1,call.llm,,2026-10-05,60,0.06,retell,retell-main,INV-1,2026-10-01,2026-11-01,-1.94
            2,call.voice,"a, ""b""",,1,-2,,,,,,
            """", "text/csv");

        json.Status.ShouldBe(201, json.Text);
        (csv.Status, (string?)csv.Json["status"], (string?)csv.Json["invoiceId"]).ShouldBe((200, "duplicate", (string)json.Json["invoiceId"]!), csv.Text);
    }

    [Theory]
    [InlineData("\"number\":\"INV-1\"", "\"number\":\"\"", "/number empty")]
    [InlineData("\"provider\":\"retell\",", "", "/provider missing_member")]
    [InlineData("\"periodEnd\":\"2026-11-01\"", "\"periodEnd\":\"2026-10-01\"", "/periodEnd period_not_after_start")]
    [InlineData("\"periodEnd\":\"2026-11-01\"", "\"periodEnd\":\"2028-11-01\"", "/periodEnd period_too_long")]
    [InlineData("\"periodEnd\":\"2026-11-01\"", "\"periodEnd\":\"2026-11-01T00:07:00Z\"", "/periodEnd not_on_quarter_hour")]
    [InlineData("\"timeZone\":\"UTC\"", "\"timeZone\":\"Mars/Olympus\"", "/timeZone unknown_time_zone")]
    [InlineData("\"currency\":\"USD\"", "\"currency\":\"usd\"", "/currency unknown_currency")]
    [InlineData("\"quantity\":\"60\"", "\"quantity\":\"many\"", "/lines/0/quantity not_a_number")]
    [InlineData(",\"amount\":\"0.06\"", "", "/lines/0/amount missing_member")]
    [InlineData("\"date\":\"2026-10-05\"", "\"date\":\"2026-11-01\"", "/lines/0/date date_outside_period")]
    [InlineData("\"date\":\"2026-10-05\"", "\"date\":\"5.10.\"", "/lines/0/date not_a_date")]
    [InlineData("\"id\":\"1\",", "\"id\":\"1\",\"colour\":\"red\",", "/lines/0/colour unknown_member")]
    [InlineData("[{", "[{\"id\":\"1\",\"metric\":\"m\",\"quantity\":1,\"amount\":1},{", "/lines/1/id given_twice")]
    public async Task What_breaks_a_rule_is_refused_by_its_pointer_and_leaves_no_trace(string part, string instead, string error)
    {
        var desk = await OpenAsync(ledger);

        var refused = await desk.PostInvoiceAsync(Invoice(Line).Replace(part, instead, StringComparison.Ordinal));

        (refused.Status, string.Join(';', refused.Errors)).ShouldBe((422, error));
        (await desk.Caller.GetAsync("/v1/provider-invoices")).Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("id,metric,colour\n", "/colour invalid_header")]
    [InlineData("id,metric,quantity,amount,number\n1,m,1,1,A\n2,m,1,1,B\n", "/number differing_rows")]
    [InlineData("id,metric,quantity,amount\n1,m,1\n", "/lines/0 invalid_row")]
    [InlineData("id,metric,quantity,amount,provider,number,periodStart,periodEnd\n1,m,x,1,p,n,2026-10-01,2026-11-01\n", "/lines/0/quantity not_a_number")]
    public async Task What_breaks_a_rule_in_CSV_is_refused_by_the_same_pointer(string file, string error)
    {
        var desk = await OpenAsync(ledger);

        var refused = await desk.Caller.PostAsync("/v1/provider-invoices", file, "text/csv");

        (refused.Status, string.Join(';', refused.Errors)).ShouldBe((422, error));
    }

    [Fact]
    public async Task An_invoice_of_many_lines_is_kept_whole_and_read_in_pages()
    {
        var desk = await OpenAsync(ledger);
        var lines = string.Join(',', Enumerable.Range(0, 2_345).Select(line => $$"""{"id":"{{line}}","metric":"m","resourceId":"r-{{line}}","quantity":1,"amount":"0.01"}"""));

        var made = await desk.PostInvoiceAsync(Invoice(lines));
        var (path, ids) = ($"/v1/provider-invoices/{made.Json["invoiceId"]}?limit=700", new List<string>());
        for (string? cursor = ""; cursor is not null && ids.Count < 10_000;)
        {
            var page = await desk.Caller.GetAsync(path + cursor);
            ids.AddRange(page.Json["lines"]!.AsArray().Select(line => (string)line!["id"]!));
            cursor = page.Json["nextCursor"] is { } next ? $"&cursor={next}" : null;
        }

        ((string)made.Json["amount"]!, (int)made.Json["lineCount"]!).ShouldBe(("23.45", 2_345));
        ids.ShouldBe(Enumerable.Range(0, 2_345).Select(line => $"{line}"));
    }
}
