using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using UsageLedger.Answering;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Reading;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Web;
using UsageLedger.Reconciling;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Matching;
using UsageLedger.Reconciling.Reports;
using static UsageLedger.IntegrationSpecs.Reconciling.Desk;

namespace UsageLedger.IntegrationSpecs.Reconciling;

/// <summary>What is asked at the same time, or beyond all bounds, is answered truly or refused.</summary>
public sealed class ReconcilingBoundsSpecs(ServedLedger ledger) : IClassFixture<ServedLedger>
{
    private const string Line = """{"id":"1","metric":"call.llm","date":"2026-10-05","quantity":"100","amount":"0.10"}""";

    [Fact]
    public async Task An_invoice_that_is_revised_while_its_report_is_signed_off_is_not_signed_off()
    {
        var desk = await OpenAsync(ledger);
        var report = await desk.ReconcileAsync(Invoice(Line));
        var command = new SignOffReconciliation(desk.Caller.Tenant, "spec", Guid.Parse((string)report.Json["id"]!), "Paid.", Guid.NewGuid());
        Task<SignOffVerdict> signing;
        await using (var other = await Database.OpenConnectionAsync())
        await using (var held = await other.BeginTransactionAsync())
        {
            // The sign-off has looked at the invoice when it asks for the key's name, and waits there.
            await ExecuteAsync(other, "lock table ledger.api_keys in access exclusive mode");
            signing = SignOffReconciliationHandler.Handle(command, Get<ReportStore>(), Get<InvoiceStore>(), Get<LogAppender>(), Database, default);
            await SpecLog.UntilAsync(async () => await IsAwaitedAsync(other), "the sign-off waits");
            await ReviseAsync(desk, Guid.Parse((string)report.Json["invoiceId"]!));
        }

        (await signing).ShouldBe(SignOffVerdict.InvoiceRevised);
        (await desk.Caller.GetAsync($"/v1/reconciliations/{report.Json["id"]}")).Json["signOff"].ShouldBeNull();
    }

    [Fact]
    public async Task Lines_of_an_attempt_that_came_to_something_else_are_not_the_reports()
    {
        var desk = await OpenAsync(ledger);
        var invoice = Guid.Parse((string)(await desk.PostInvoiceAsync(Invoice(Line))).Json["invoiceId"]!);
        var position = await Get<LogReader>().HeadAsync(default);
        var id = DeterministicId.Of("reconciliation", desk.Caller.Tenant, invoice.ToString("D"), "1", FormattableString.Invariant($"{position}"), "0", "0");
        var orphan = new ReconciliationLines(id, "another", 1, []).ToEvent(desk.Caller.Tenant, invoice);
        await Get<LogAppender>().AppendAsync(new AppendRequest(desk.Caller.Tenant, "spec", [new AppendItem(orphan.Id, orphan)]), default);

        var report = await desk.ReconcileIdAsync(invoice.ToString("D"), FormattableString.Invariant($",\"position\":{position}"));

        (report.Status, (string)report.Json["id"]!, report.Json["lines"]!.AsArray().Count).ShouldBe((201, id.ToString("D"), 1), report.Text);
        var stored = (await Get<ReportStore>().FindAsync(desk.Caller.Tenant, id, default))!.Made;
        var lines = await Get<ReportStore>().LinesAsync(desk.Caller.Tenant, stored, default).ToListAsync();
        MakeReconciliationHandler.HashOf(stored, lines).ShouldBe(stored.ReportHash);
    }

    [Fact]
    public async Task A_report_by_a_rule_that_this_release_does_not_know_is_read_and_only_what_is_behind_its_lines_is_refused()
    {
        var desk = await OpenAsync(ledger);
        var (tenant, report) = (desk.Caller.Tenant, await desk.ReconcileAsync(Invoice(Line)));
        var made = (await Get<ReportStore>().FindAsync(tenant, Guid.Parse((string)report.Json["id"]!), default))!.Made;
        var later = made with { ReconciliationId = Guid.NewGuid(), Rule = MatchingRule.Latest + 1 };
        var lines = new ReconciliationLines(later.ReconciliationId, later.ReportHash, 1, await Get<ReportStore>().LinesAsync(tenant, made, default).ToListAsync());
        foreach (var told in new[] { lines.ToEvent(tenant, later.InvoiceId), later.ToEvent(tenant) })
            await Get<LogAppender>().AppendAsync(new AppendRequest(tenant, "spec", [new AppendItem(told.Id, told)]), default);

        var read = await desk.Caller.GetAsync($"/v1/reconciliations/{later.ReconciliationId}");
        var events = await desk.Caller.GetAsync($"/v1/reconciliations/{later.ReconciliationId}/lines/1/events");

        (read.Status, (int)read.Json["rule"]!).ShouldBe((200, MatchingRule.Latest + 1));
        (events.Status, events.Code).ShouldBe((409, "unknown_rule"));
        (await desk.Caller.GetAsync($"/v1/reconciliations/{made.ReconciliationId}/lines/1/events")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_few_reconciliations_are_made_at_once_and_others_are_told_to_come_back()
    {
        var desk = await OpenAsync(ledger);
        var turns = new List<IDisposable>();
        for (var turn = 0; turn < ReconcilingSetup.MatchingAtOnceMax; turn++)
        {
            turns.Add((await Get<Turns>().TakeAsync(default)).ShouldNotBeNull());
        }

        var refused = await desk.ReconcileAsync(Invoice(Line));
        turns.ForEach(turn => turn.Dispose());
        var made = await desk.ReconcileAsync(Invoice(Line));

        (refused.Status, refused.Code, refused.Header("Retry-After")).ShouldBe((503, "reconciling_busy", "10"), refused.Text);
        made.Status.ShouldBe(201, made.Text);
    }

    [Fact]
    public async Task A_long_report_is_answered_with_its_first_lines_and_read_whole()
    {
        var desk = await OpenAsync(ledger);
        var lines = Enumerable.Range(1, ReconciliationLines.LinesMax + 2).Select(line => $$"""{"id":"{{line}}","metric":"fee.{{line}}","quantity":"1","amount":"1"}""");

        var report = await desk.ReconcileAsync(Invoice(string.Join(',', lines)));
        var whole = await desk.Caller.GetAsync($"/v1/reconciliations/{report.Json["id"]}");

        (report.Status, (int)report.Json["moreLines"]!, report.Json["lines"]!.AsArray().Count).ShouldBe((201, 2, ReconciliationLines.LinesMax));
        ((int)whole.Json["moreLines"]!, whole.Json["lines"]!.AsArray().Count).ShouldBe((0, ReconciliationLines.LinesMax + 2));
    }

    [Fact]
    public async Task The_lines_of_a_long_report_are_paged_each_once_and_in_order()
    {
        var desk = await OpenAsync(ledger);
        await desk.RecordAsync(Usage("a", "05T10:00:00", "100", "0.10"));
        var fees = Enumerable.Range(1, 1_200).Select(line => $$"""{"id":"{{line}}","metric":"fee.{{line}}","quantity":"1","amount":"1"}""");
        var last = Line.Replace("\"id\":\"1\"", "\"id\":\"last\"", StringComparison.Ordinal);
        var report = await desk.ReconcileAsync(Invoice(string.Join(',', [.. fees, last])));
        var path = $"/v1/reconciliations/{report.Json["id"]}/lines";

        var pages = await PagesAsync(desk, path + "?limit=500");
        var matched = await PagesAsync(desk, path + "?limit=1&status=matched");

        pages.ConvertAll(page => page.Count).ShouldBe([500, 500, 201]);
        pages.SelectMany(page => page).ShouldBe(Enumerable.Range(1, 1_201));
        matched.ShouldHaveSingleItem().ShouldBe([1_201]);
        (await desk.Caller.GetAsync(path + "?status=unknown")).Errors.ShouldBe(["?status unknown_word"]);
        (await desk.Caller.GetAsync(path + "?limit=1001")).Status.ShouldBe(400);
        (await desk.Caller.GetAsync(path + $"?cursor={Cursor.Of("1202")}")).Errors.ShouldBe(["?cursor invalid_cursor"]);
        (await (await OpenAsync(ledger)).Caller.GetAsync(path)).Status.ShouldBe(404);
    }

    private static async Task<List<List<int>>> PagesAsync(Desk desk, string path)
    {
        var (pages, cursor) = (new List<List<int>>(), "");
        do
        {
            var page = await desk.Caller.GetAsync(path + cursor);
            page.Status.ShouldBe(200, page.Text);
            pages.Add([.. page.Json["items"]!.AsArray().Select(line => (int)line!["line"]!)]);
            cursor = (string?)page.Json["nextCursor"] is { } next ? "&cursor=" + next : "";
        }
        while (cursor.Length > 0 && pages.Count < 10);

        return pages;
    }

    [Theory]
    [InlineData("\"periodStart\":\"2026-10-01\"", "\"periodStart\":\"-0500-01-01\"", "/periodStart out_of_range")]
    [InlineData("\"periodStart\":\"2026-10-01\"", "\"periodStart\":\"1999-12-31T00:00:00Z\"", "/periodStart out_of_range")]
    [InlineData("\"periodEnd\":\"2026-11-01\"", "\"periodEnd\":\"9999-12-31\"", "/periodEnd out_of_range")]
    [InlineData("\"date\":\"2026-10-05\"", "\"date\":\"9999-12-31\"", "/lines/0/date out_of_range")]
    [InlineData("\"date\":\"2026-10-05\"", "\"date\":\"-9998-01-01\"", "/lines/0/date out_of_range")]
    public async Task An_invoice_of_no_time_that_can_be_billed_is_refused(string part, string instead, string error)
    {
        var desk = await OpenAsync(ledger);

        var refused = await desk.PostInvoiceAsync(Invoice(Line).Replace(part, instead, StringComparison.Ordinal));

        (refused.Status, string.Join(';', refused.Errors)).ShouldBe((422, error), refused.Text);
    }

    [Theory]
    [InlineData("9999-12-01", "9999-12-31", "/from out_of_range;/to out_of_range")]
    [InlineData("-0500-01-01", "2026-10-01", "/from out_of_range")]
    public async Task Nothing_is_assembled_of_days_at_the_ends_of_the_calendar(string from, string to, string errors)
    {
        var desk = await OpenAsync(ledger);

        var refused = await desk.Caller.PostAsync("/v1/provider-invoices/assemble", $$"""{"sourceId":"s","from":"{{from}}","to":"{{to}}"}""");

        (refused.Status, string.Join(';', refused.Errors)).ShouldBe((422, errors), refused.Text);
    }

    [Theory]
    [InlineData("/v1/coverage?from=9999-12-25T00:00:00Z&to=9999-12-31T23:59:59Z")]
    [InlineData("/v1/coverage?to=0001-01-01T00:00:00Z")]
    [InlineData("/v1/coverage?from=1999-12-30T00:00:00Z&to=2000-01-02T00:00:00Z")]
    [InlineData("/v1/coverage/days?from=9998-12-30&to=9998-12-31")]
    [InlineData("/v1/coverage/days?to=0001-01-02")]
    public async Task Coverage_of_times_at_the_ends_of_the_calendar_is_refused(string path)
    {
        var desk = await OpenAsync(ledger);

        var refused = await desk.Caller.GetAsync(path);

        refused.Status.ShouldBe(400, refused.Text);
    }

    private NpgsqlDataSource Database => Get<NpgsqlDataSource>();

    private T Get<T>()
        where T : notnull => ledger.App.Services.GetRequiredService<T>();

    /// <summary>Not over HTTP, where the key is looked up.</summary>
    private async Task ReviseAsync(Desk desk, Guid invoice)
    {
        var known = (await Get<InvoiceStore>().LatestAsync(desk.Caller.Tenant, invoice, default))!;
        var whole = await Get<InvoiceStore>().WholeAsync(desk.Caller.Tenant, known.Told, default);
        var command = new ReceiveInvoice(desk.Caller.Tenant, "spec", whole with { Total = 7 }, "posted", Revision: true);
        (await ReceiveInvoiceHandler.Handle(command, Get<InvoiceStore>(), Get<LogAppender>(), default)).Verdict.ShouldBe(InvoiceVerdict.Revised);
    }

    private static async Task<bool> IsAwaitedAsync(NpgsqlConnection connection)
    {
        await using var select = new NpgsqlCommand("select exists (select from pg_locks where relation = 'ledger.api_keys'::regclass and not granted)", connection);
        return (bool)(await select.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
