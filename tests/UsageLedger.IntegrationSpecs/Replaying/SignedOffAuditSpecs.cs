using System.Globalization;
using UsageLedger.Cycles;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;
using UsageLedger.Recording;
using UsageLedger.Replaying;
using static UsageLedger.IntegrationSpecs.Cycles.Books;
using static UsageLedger.IntegrationSpecs.Replaying.SigningOff;

namespace UsageLedger.IntegrationSpecs.Replaying;

/// <summary>August, as everything has happened to its usage: 16 minutes of calls in three records, at 1.6 USD.</summary>
public sealed class SignedOffAuditSpecs
{
    [Fact]
    public async Task What_was_signed_off_for_the_time_of_a_cycle_still_holds_and_is_told()
    {
        await using var books = await SignedAsync();

        var audit = await books.AuditAsync("2026-08");

        audit.Differences.ShouldBeEmpty();
        audit.Reconciliations.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            told => told.InvoiceNumber.ShouldBe("R-8"), told => (told.LedgerCost, told.ReplayedCost).ShouldBe(("1.6", "1.6")), told => told.Difference.ShouldBe("0.3"));
        (await books.AuditAsync("2026-09")).Reconciliations.ShouldBeEmpty();
        (await books.AuditAsync("2026-08", asOf: 1)).Reconciliations.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_recorded_after_the_position_of_a_report_is_not_held_against_it()
    {
        await using var books = await SignedAsync();
        await books.RecordAsync(Usage("later", "2026-08-06T10:00:00Z", 9m, 0.9m));
        await books.VoidAsync(Usage("steady", "2026-08-04T10:00:00Z"));

        (await books.AuditAsync("2026-08")).Differences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("update read.reconciliations set ledger_cost = 99", "reconciliation_differs ledger's cost of invoice R-8")]
    [InlineData(
        """update ledger.mt_events set data = jsonb_set(data, '{lines,0,difference}', '"0.2"') where type = 'reconciliation_lines'""",
        "event_changed, reconciliation_differs difference of its lines of invoice R-8")]
    [InlineData(
        """update ledger.mt_events set data = jsonb_set(data, '{lines,0,ledger,cost}', '"1.5"') where type = 'reconciliation_lines'""",
        "event_changed, reconciliation_differs ledger's cost of line 1 of invoice R-8")]
    [InlineData(
        """update ledger.mt_events set data = jsonb_set(data, '{lines,0,status}', '"matched"') where type = 'reconciliation_lines'""",
        "event_changed, reconciliation_differs status of line 1 of invoice R-8")]
    [InlineData(
        """update ledger.mt_events set data = jsonb_set(data, '{reportHash}', '"00"') where type = 'reconciliation_signed_off'""",
        "event_changed, reconciliation_differs signed report of invoice R-8")]
    [InlineData(
        """update ledger.mt_events set data = jsonb_set(data, '{current,cost}', '"0.5"') where type = 'usage_revised'""",
        "event_changed, reconciliation_differs ledger's cost of line 1 of invoice R-8, reconciliation_differs ledger's cost in total of invoice R-8", "fabrikam")]
    [InlineData(
        "delete from ledger.mt_events where type = 'provider_invoice_lines'", "reconciliation_differs ledger's side of invoice R-8")]
    [InlineData(
        """update ledger.mt_events set data = '{"lines":7}' where type = 'provider_invoice_lines'""",
        "event_changed, reconciliation_differs ledger's side of invoice R-8")]
    [InlineData(
        "update ledger.mt_events set data = data - 'lines' where type = 'provider_invoice_lines'",
        "event_changed, reconciliation_differs ledger's side of invoice R-8")]
    [InlineData(
        """update ledger.mt_events set data = jsonb_set(data, '{rule}', '"9"') where type = 'reconciliation_made'""",
        "event_changed, reconciliation_differs rule of invoice R-8, which this release does not know")]
    public async Task What_was_signed_off_and_changed_since_is_named(string change, string found, string client = "contoso")
    {
        await using var books = await SignedAsync();
        await books.ArriveAsync();
        await books.Log.DoAsync(change);

        Told(await books.AuditAsync("2026-08", client)).ShouldBe(found);
    }

    [Theory]
    [InlineData("update ledger.mt_events set data = data - 'lines' where type = 'reconciliation_lines'")]
    [InlineData("""update ledger.mt_events set data = jsonb_set(data, '{lines}', '[null]') where type = 'reconciliation_lines'""")]
    [InlineData("update ledger.mt_events set data = data - 'totals' where type = 'reconciliation_made'")]
    [InlineData("update ledger.mt_events set data = data - 'reportHash' where type = 'reconciliation_signed_off'")]
    public async Task What_was_signed_off_and_lacks_a_part_since_is_named_and_ends_no_audit(string change)
    {
        await using var books = await SignedAsync();
        await books.ArriveAsync();
        await books.Log.DoAsync(change);

        Told(await books.AuditAsync("2026-08")).ShouldStartWith("event_changed, event_unreadable, reconciliation_differs ");
    }

    [Theory]
    [InlineData(22, "2.2", 3, LineStatus.PriceDiffers, "quantity of line 1; cost of line 1; cost in total")]
    [InlineData(16, "1.6", 4, LineStatus.PriceDiffers, "records of line 1")]
    [InlineData(16, "1.6", 3, LineStatus.QuantityDiffers, "status of line 1")]
    public async Task A_ledgers_side_that_was_mistaken_from_the_beginning_is_found(int quantity, string cost, int records, LineStatus status, string found)
    {
        await using var books = await Eventful.OpenAsync();
        var ledger = new ReportFigures(quantity, decimal.Parse(cost, CultureInfo.InvariantCulture), records, 0);

        await HandMadeAsync(books, Invoice, ledger, status);

        var audit = await books.AuditAsync("2026-08");
        audit.Holds.ShouldBeFalse();
        string.Join("; ", audit.Differences.Select(one => one.At.Replace("ledger's ", "", StringComparison.Ordinal).Replace(" of invoice R-8", "", StringComparison.Ordinal))).ShouldBe(found);
        audit.Differences.ShouldAllBe(one => one.Kind == AuditDifference.ReconciliationDiffers);
    }

    [Fact]
    public async Task Lines_that_a_host_left_of_another_report_are_not_counted_with_those_that_were_signed()
    {
        await using var books = await SignedAsync(orphans: true);

        (await books.AuditAsync("2026-08")).Differences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("delete from read.reconciliations", "row of invoice R-8")]
    [InlineData("update read.reconciliations set signed_off_at = null", "sign-off of invoice R-8")]
    [InlineData("update read.reconciliations set period_start = '2025-08-01Z', period_end = '2025-09-01Z'", "period of invoice R-8")]
    [InlineData(
        "insert into read.reconciliations select (jsonb_populate_record(r, jsonb_build_object('reconciliation_id', gen_random_uuid(), 'number', 'R-9'))).* from read.reconciliations r",
        "sign-off of invoice R-9")]
    public async Task A_table_that_does_not_show_what_the_log_has_of_sign_offs_is_named(string change, string found)
    {
        await using var books = await SignedAsync();
        await books.ArriveAsync();
        await books.Log.DoAsync(change);

        Told(await books.AuditAsync("2026-08")).ShouldBe($"reconciliation_differs {found}");
    }

    [Fact]
    public async Task A_table_that_has_not_come_to_a_sign_off_yet_is_no_difference()
    {
        await using var books = await Eventful.OpenAsync();
        await SignAsync(books, Invoice, beforeSigning: async () =>
        {
            await books.ArriveAsync();
            await books.Log.DoAsync("update ledger.projections set state = 'stopped' where name = 'reconciliations'");
        });
        (await books.Log.RowsAsync("select signed_off_at from read.reconciliations")).ShouldBe(["null"]);

        var audit = await LaggingAsync(books);
        audit.Differences.ShouldBeEmpty();
        audit.Reconciliations.ShouldHaveSingleItem().InvoiceNumber.ShouldBe("R-8");
        (await books.Log.RowsAsync("select signed_off_at from read.reconciliations")).ShouldBe(["null"]);

        await books.Log.DoAsync("update ledger.projections set position = (select position from ledger.log_head) where name = 'reconciliations'");
        Told(await LaggingAsync(books)).ShouldBe("reconciliation_differs sign-off of invoice R-8, reconciliation_differs signer of invoice R-8");
    }

    [Fact]
    public async Task A_sign_off_is_audited_however_many_newer_reconciliations_there_are()
    {
        await using var books = await SignedAsync();
        await books.ArriveAsync();
        await books.Log.DoAsync("""
            insert into read.reconciliations
            select (jsonb_populate_record(r, jsonb_build_object('reconciliation_id', gen_random_uuid(), 'signed_off_at', null, 'made_at', r.made_at + interval '1 hour'))).*
            from read.reconciliations r, generate_series(1, 1000)
            """);

        var audit = await books.AuditAsync("2026-08");

        audit.Differences.ShouldBeEmpty();
        audit.Reconciliations.ShouldHaveSingleItem().InvoiceNumber.ShouldBe("R-8");
    }

    [Fact]
    public async Task A_failed_message_that_was_free_of_charge_is_replayed_as_it_was_counted()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Failed("charged", 0.001m), Failed("free", 0m), Failed("pending", null));
        await SignAsync(books, Invoice with { Provider = "twilio", Lines = [new InvoiceLine("1", "message.failed", null, null, "message", 2m, 0.001m)] });

        var audit = await books.AuditAsync("2026-08");

        audit.Differences.ShouldBeEmpty();
        audit.Reconciliations.ShouldHaveSingleItem().Difference.ShouldBe("0");
        (await books.Log.AskAsync<long>("select matched from read.reconciliations")).ShouldBe(1);

    }

    /// <summary>Reports of before name no rule; by the one of today the message that failed free of charge would count nothing.</summary>
    [Fact]
    public async Task What_was_signed_off_by_the_first_rule_still_holds()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Failed("failed", 0m), Failed("sent", 1.6m) with { Attributes = [] });

        await HandMadeAsync(
            books, Invoice with { Provider = "twilio", Lines = [new InvoiceLine("1", "sms.outbound", null, null, "segment", 1m, 1.9m)] },
            new ReportFigures(2, 1.6m, 2, 0), LineStatus.QuantityDiffers);

        (await books.AuditAsync("2026-08")).Differences.ShouldBeEmpty();
    }

    private static UsageRecord Failed(string key, decimal? cost) => Usage(key, "2026-08-02T10:00:00Z", 1m, cost) with
    {
        Provider = "twilio", Metric = "sms.outbound", Unit = "segment", Attributes = [new("status", "failed")],
    };

    private static async Task<Books> SignedAsync(bool orphans = false)
    {
        var books = await Eventful.OpenAsync();
        await SignAsync(books, Invoice, orphans);
        return books;
    }

    /// <summary>While the table of reconciliations is behind.</summary>
    private static async Task<CycleAudit> LaggingAsync(Books books)
    {
        (await books.Models.WaitForAsync(await books.Log.HeadAsync(), [CycleAggregates.ProjectionName], default)).ShouldBeTrue();
        var query = new AuditCycle(Tenant, "contoso", "2026-08", null, books.Now);
        return (await AuditCycleHandler.Handle(query, books.Log.Reader, new LogTiles(books.Log.Database), books.Log.Database, default)).ShouldNotBeNull();
    }

    private static string Told(CycleAudit audit) =>
        string.Join(", ", audit.Differences.Select(one => one.Kind == AuditDifference.ReconciliationDiffers ? $"{one.Kind} {one.At}" : one.Kind));
}
