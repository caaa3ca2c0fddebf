using UsageLedger.Reconciling.Matching;
using UsageLedger.Reconciling.Reports;
using static UsageLedger.Specs.Reconciling.Bills;

namespace UsageLedger.Specs.Reconciling;

/// <summary>What becomes of an invoice's lines.</summary>
public sealed class MatchingSpecs
{
    private static readonly LedgerRow Failed =
        Usage("10:30", 1, 0.001m, "sms.outbound", unit: "segment") with { BilledMetric = "message.failed", BilledUnit = "message" };

    private static readonly LedgerRow FailedFree = Failed with { BilledQuantity = 0, Figures = Failed.Figures with { Cost = 0 }, FailedFree = true };

    [Fact]
    public void A_line_of_a_day_is_held_against_all_usage_of_that_day()
    {
        var matched = Invoice(Line("1", 150, 0.15m, date: "2026-10-05")).Against(Usage("00:00", 60, 0.06m), Usage("10:15", 60, 0.06m), Usage("23:45", 30, 0.03m));

        matched.Status().ShouldBe(LineStatus.Matched);
        matched.Lines[0].Ledger.ShouldBe(new ReportFigures(150, 0.15m, 3, 0));
        matched.Lines[0].Explanation.ShouldBeNull();
    }

    [Fact]
    public void A_line_of_the_period_is_held_against_what_no_other_line_claims()
    {
        var matched = Invoice(Line("1", 60, 0.06m, date: "2026-10-05"), Line("2", 90, 0.09m), Line("3", 7, 0.7m, resource: "agent-1"))
            .Against(Usage("10:15", 60, 0.06m), Usage("2026-10-06T10:00:00Z", 90, 0.09m), Usage("10:30", 7, 0.7m, resource: "agent-1"));

        matched.Lines.ShouldAllBe(line => line.Status == LineStatus.Matched);
    }

    [Fact]
    public void A_line_of_a_resource_is_held_against_its_record_or_all_of_its_records()
    {
        var matched = Invoice(Line("1", 60, 0.06m, resource: "call-1"), Line("2", 90, 0.09m, resource: "agent-1")).Against(
            Usage("10:15", 60, 0.06m, native: "call-1", resource: "agent-1"), Usage("10:30", 50, 0.05m, native: "call-2", resource: "agent-1"),
            Usage("11:30", 40, 0.04m, native: "call-3", resource: "agent-1"));

        matched.Lines.Select(line => (line.Status, line.Ledger.Records)).ShouldBe([(LineStatus.Matched, 1), (LineStatus.Matched, 2)]);
    }

    [Fact]
    public void What_only_the_vendor_has_is_missing_in_the_ledger() =>
        Invoice(Line("1", 60, 0.06m, date: "2026-10-05")).Against().Status().ShouldBe(LineStatus.MissingInLedger);

    [Fact]
    public void What_only_the_ledger_has_is_missing_at_the_provider()
    {
        var matched = Invoice(Line("1", 60, 0.06m, date: "2026-10-05")).Against(Usage("10:15", 60, 0.06m), Usage("2026-10-06T10:00:00Z", 90, 0.09m));

        var missing = matched.Lines[1];
        (missing.Status, missing.InvoiceLine, missing.Date?.Day, missing.Difference).ShouldBe((LineStatus.MissingAtProvider, null, 6, -0.09m));
    }

    [Fact]
    public void Usage_that_costs_nothing_is_missing_nowhere_and_is_told()
    {
        var matched = Invoice(Line("1", 60, 0.06m, date: "2026-10-05")).Against(Usage("10:15", 60, 0.06m), Usage("10:15", 1, 0, "call", unit: "call"));

        matched.Status().ShouldBe(LineStatus.Matched);
        matched.Findings.ShouldHaveSingleItem().Code.ShouldBe("not_charged");
    }

    [Fact]
    public void Another_quantity_and_another_price_are_told_apart()
    {
        var invoice = Invoice(Line("1", 60, 0.06m, date: "2026-10-05"), Line("2", 60, 0.07m, "call.voice", date: "2026-10-05"));

        var matched = invoice.Against(Usage("10:15", 50, 0.05m), Usage("10:15", 60, 0.06m, "call.voice"));

        matched.Lines.Select(line => line.Status).ShouldBe([LineStatus.QuantityDiffers, LineStatus.PriceDiffers]);
        matched.Lines[1].Explanation.ShouldBe("Both count 60 second; the vendor charges 0.07 USD, the ledger holds 0.06.");
    }

    [Fact]
    public void A_cost_that_is_pending_is_told_with_the_price() =>
        Invoice(Line("1", 60, 0.06m, date: "2026-10-05")).Against(Usage("10:15", 60, null)).Lines[0].Explanation!
            .ShouldEndWith("the ledger holds 0, 1 of them without a cost yet.");

    [Fact]
    public void A_tolerance_is_absolute_or_in_percent_and_never_silent()
    {
        var invoice = Invoice(Line("1", 60, 10.00m, date: "2026-10-05"));
        var usage = Usage("10:15", 60, 9.95m);

        invoice.Against(usage).Status().ShouldBe(LineStatus.PriceDiffers);
        invoice.Against(new Tolerance(0.04m, 0), usage).Status().ShouldBe(LineStatus.PriceDiffers);
        invoice.Against(new Tolerance(0, 0.5m), usage).Status().ShouldBe(LineStatus.Matched);
        var matched = invoice.Against(new Tolerance(0.05m, 0), usage);
        matched.Status().ShouldBe(LineStatus.Matched);
        (matched.Lines[0].Difference, matched.Findings.Single().Code, matched.Findings.Single().Amount).ShouldBe((0.05m, "tolerated", 0.05m));
    }

    [Fact]
    public void Of_quantities_a_tolerance_in_percent_counts_and_an_absolute_one_is_of_amounts()
    {
        var (invoice, usage) = (Invoice(Line("1", 200, 10.00m, date: "2026-10-05")), Usage("10:15", 199, 10.00m));

        invoice.Against(new Tolerance(0, 0.5m), usage).Status().ShouldBe(LineStatus.Matched);
        invoice.Against(new Tolerance(0, 0.4m), usage).Status().ShouldBe(LineStatus.QuantityDiffers);
        invoice.Against(new Tolerance(5, 0), usage).Status().ShouldBe(LineStatus.QuantityDiffers);
    }

    [Fact]
    public void A_credit_and_a_line_of_nothing_are_lines_like_others()
    {
        var matched = Invoice(Line("1", 0, -5m, "credit"), Line("2", 0, 0, "call.voice", date: "2026-10-05")).Against(Usage("10:15", 0, -5m, "credit"));

        matched.Lines.ShouldAllBe(line => line.Status == LineStatus.Matched);
        matched.Totals.ShouldBe(new ReportTotals(-5, -5, 0, null, null));
    }

    [Fact]
    public void Lines_that_say_the_same_are_held_against_the_usage_together()
    {
        var matched = Invoice(Line("1", 60, 0.06m, date: "2026-10-05"), Line("2", 40, 0.02m, date: "2026-10-05"), Line("3", 0, -0.01m, date: "2026-10-05"))
            .Against(Usage("10:15", 100, 0.07m));

        matched.Lines.ShouldAllBe(line => line.Status == LineStatus.Matched && line.Shared == 1 && line.Difference == 0);
        matched.Totals.Ledger.ShouldBe(0.07m);
    }

    [Fact]
    public void What_is_billed_twice_is_missing_in_the_ledger_once()
    {
        var matched = Invoice(Line("1", 60, 0.06m, date: "2026-10-05"), Line("2", 60, 0.06m, date: "2026-10-05")).Against(Usage("10:15", 60, 0.06m));

        matched.Lines.Select(line => line.Status).ShouldBe([LineStatus.Matched, LineStatus.MissingInLedger]);
    }

    [Fact]
    public void Currencies_are_never_mixed()
    {
        var matched = Invoice(Line("1", 60, 0.06m, date: "2026-10-05")).Against(Usage("10:15", 60, 0.06m), Usage("10:30", 60, 0.06m, currency: "EUR"));

        matched.Status().ShouldBe(LineStatus.Matched);
        var finding = matched.Findings.Single();
        (finding.Code, finding.Amount, finding.Count).ShouldBe(("other_currency", 0.06m, 1));
    }

    [Fact]
    public void A_stated_total_that_the_lines_do_not_come_to_is_a_finding()
    {
        var matched = (Invoice(Line("1", 60, 0.06m, date: "2026-10-05")) with { Total = 0.07m }).Against(Usage("10:15", 60, 0.06m));

        (matched.Totals.Stated, matched.Totals.StatedDifference, matched.Findings.Single().Code).ShouldBe((0.07m, 0.01m, "stated_total_differs"));
    }

    [Fact]
    public void All_that_begins_with_a_word_is_one_line_and_its_quantity_of_one_unit()
    {
        var matched = Invoice(Line("1", 1, 0.30m, "llm.*", "model-1", "2026-10-05", "generation")).Against(
            Usage("10:15", 900, 0.10m, "llm.tokens.input", "model-1", unit: "token"), Usage("10:15", 100, 0.20m, "llm.tokens.output", "model-1", unit: "token"),
            Usage("10:15", 1, 0, "llm.generation", "model-1", unit: "generation"));

        matched.Status().ShouldBe(LineStatus.Matched);
    }

    [Fact]
    public void What_a_vendor_counts_otherwise_is_counted_so()
    {
        LedgerRow[] rows =
        [
            Usage("10:15", 61, 0.02m, "call.inbound") with { BilledUnit = "minute", BilledQuantity = 2 },
            Usage("10:15", 1, 0.001m, "sms.outbound", unit: "segment") with { BilledMetric = "message.failed", BilledUnit = "message" },
            Usage("10:15", 3, 0.03m, "sms.outbound", unit: "segment") with { BilledUnit = "message" },
        ];
        var matched = Invoice(
            Line("1", 2, 0.02m, "call.inbound", date: "2026-10-05", unit: "minute"), Line("2", 1, 0.001m, "message.failed", date: "2026-10-05"),
            Line("3", 3, 0.03m, "sms.outbound", date: "2026-10-05")).Against(rows);

        matched.Lines.ShouldAllBe(line => line.Status == LineStatus.Matched);
    }

    [Theory]
    [InlineData(null, MatchingRule.Latest, LineStatus.Matched)]
    [InlineData("segment", MatchingRule.Latest, LineStatus.Matched)]
    [InlineData("message", MatchingRule.Latest, LineStatus.Matched)]
    [InlineData(null, MatchingRule.First, LineStatus.QuantityDiffers)]
    public void What_failed_free_of_charge_is_no_message_where_no_line_is_of_the_fee_but_reports_of_before_stay_as_they_were(string? unit, int rule, LineStatus status)
    {
        LedgerRow[] rows =
        [
            Usage("10:15", 1, 0.01m, "sms.outbound", unit: "segment") with { BilledUnit = "message" },
            FailedFree,
        ];

        var matched = Invoice(Line("1", 1, 0.01m, "sms.outbound", unit: unit)).Against(Tolerance.None, rule, rows);

        matched.Status().ShouldBe(status);
        matched.Findings.Sum(found => found.Count ?? 0).ShouldBe(rule == MatchingRule.First ? 0 : 1, "it is told that it stands in no line");
    }

    [Fact]
    public void What_failed_free_of_charge_is_neither_among_the_fees_nor_all_that_the_ledger_has_of_a_day()
    {
        var fees = Invoice(Line("1", 2, 0.001m, "message.failed")).Against(Failed, FailedFree).Lines.ShouldHaveSingleItem();
        var missing = Invoice(Line("1", 5, 0.05m, "sms.outbound", date: "2026-10-05")).Against(FailedFree).Lines.ShouldHaveSingleItem();

        (fees.Status, fees.Ledger.Quantity, fees.Unit).ShouldBe((LineStatus.QuantityDiffers, 1, "message"));
        (missing.Status, missing.Ledger.Records).ShouldBe((LineStatus.MissingInLedger, 0));
    }

    [Fact]
    public void A_day_of_another_zone_that_only_leaves_usage_out_explains_no_less_for_what_failed_free_of_charge()
    {
        LedgerRow[] day = [.. Enumerable.Range(0, 9).Select(_ => Usage("10:15", 1, 0.01m, "sms.outbound", unit: "segment")), Usage("23:30", 1, 0.01m, "sms.outbound", unit: "segment")];
        var before = FailedFree with { Quarter = day[0].Quarter.Minus(NodaTime.Duration.FromMinutes((10 * 60) + 30)) };

        Invoice(Line("1", 9, 0.09m, "sms.outbound", date: "2026-10-05")).Against([.. day, before]).Status().ShouldBe(LineStatus.QuantityDiffers);
    }

    [Fact]
    public void What_failed_for_a_fee_is_charged_among_the_messages_where_no_line_is_of_the_fee() =>
        Invoice(Line("1", 2, 0.011m, "sms.outbound")).Against(Usage("10:15", 1, 0.01m, "sms.outbound", unit: "segment"), Failed).Status().ShouldBe(LineStatus.Matched);

    [Fact]
    public void A_message_that_failed_free_of_charge_is_one_where_a_line_names_it() =>
        Invoice(Line("1", 1, 0, "sms.outbound", "SM1")).Against(FailedFree with { NativeId = "SM1" }).Status().ShouldBe(LineStatus.Matched);

    [Fact]
    public void Usage_that_was_revised_into_another_unit_is_counted_in_the_one_it_came_to_have()
    {
        LedgerRow[] rows =
        [
            Usage("10:15", 60, 0.06m, unit: "minutes"), Usage("10:15", 90, 0.06m, unit: "minute"), Negated(Usage("10:15", 60, 0.06m, unit: "minutes")),
        ];
        var invoice = Invoice(Line("1", 60, 0.06m, date: "2026-10-05"));

        // A replay hands rows on in parts, a statement their sum: both come to the same.
        foreach (var told in new[] { rows, [.. rows.Reverse()], [rows[1], Usage("10:15", 0, 0, unit: "minutes") with { Figures = default }] })
        {
            var line = invoice.Against(told).Lines.ShouldHaveSingleItem();
            (line.Status, line.Ledger.Quantity, line.Unit).ShouldBe((LineStatus.QuantityDiffers, 90, "minute"));
        }
    }

    [Theory]
    [InlineData("2026-09-30T22:00:00Z")]
    [InlineData("2026-11-01T22:00:00Z")]
    public void A_unit_that_only_usage_outside_the_period_has_leaves_quantities_comparable(string outside)
    {
        var line = Invoice(Line("1", 60, 0.06m)).Against(Usage(outside, 1, 0.01m, unit: "call"), Usage("10:15", 90, 0.06m)).Lines.ShouldHaveSingleItem();

        (line.Status, line.Ledger.Quantity, line.Unit).ShouldBe((LineStatus.QuantityDiffers, 90, "second"));
    }

    [Fact]
    public void Quantities_of_different_units_are_not_summed()
    {
        var line = Invoice(Line("1", 60, 0.06m)).Against(Usage("10:15", 1, 0.01m, unit: "call"), Usage("10:15", 90, 0.05m)).Lines.ShouldHaveSingleItem();

        (line.Status, line.Ledger.Quantity, line.Unit).ShouldBe((LineStatus.Matched, null, null));
    }

    private static LedgerRow Negated(LedgerRow row) =>
        row with { BilledQuantity = -row.BilledQuantity, Figures = default(Figures) - row.Figures };
}
