using System.Text.Json;
using NodaTime;
using UsageLedger.Answering;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;
using static UsageLedger.Specs.Reconciling.Bills;

namespace UsageLedger.Specs.Reconciling;

/// <summary>Usage that the ledger has, at another time than the invoice says.</summary>
public sealed class PeriodSpecs
{
    [Fact]
    public void A_day_of_another_time_zone_is_found_and_the_zone_named()
    {
        var matched = Invoice(Line("1", 90, 0.09m, date: "2026-10-05")).Against(
            Usage("2026-10-05T02:00:00Z", 60, 0.06m), Usage("2026-10-05T12:00:00Z", 60, 0.06m), Usage("2026-10-06T03:45:00Z", 30, 0.03m));

        var line = matched.Lines[0];
        (line.Status, line.Found!.TimeZone, line.Found.Cost, line.Difference).ShouldBe((LineStatus.PeriodDiffers, "America/New_York", 0.09m, -0.03m));
        line.Explanation!.ShouldBe(
            "The ledger has this from 2026-10-05T04:00:00Z to 2026-10-06T04:00:00Z, which is the same day in America/New_York (UTC-04:00); "
            + "in UTC, as the invoice says, it is from 2026-10-05T00:00:00Z to 2026-10-06T00:00:00Z, where the ledger has 0.12 USD.");
    }

    [Fact]
    public void The_zone_that_explains_most_lines_is_named_for_each()
    {
        // Both lines alone could be of many zones west of New York as well; one of them could not.
        var matched = Invoice(Line("1", 60, 0.06m, date: "2026-10-05"), Line("2", 70, 0.07m, date: "2026-10-06"), Line("3", 5, 0.05m, date: "2026-10-07")).Against(
            Usage("2026-10-05T03:00:00Z", 1, 0.01m), Usage("2026-10-06T02:00:00Z", 60, 0.06m), Usage("2026-10-07T03:45:00Z", 70, 0.07m),
            Usage("2026-10-07T04:00:00Z", 5, 0.05m));

        matched.Lines.Take(3).ShouldAllBe(line => line.Status == LineStatus.PeriodDiffers && line.Found!.TimeZone == "America/New_York");
        matched.Findings.ShouldContain(finding => finding.Code == "other_time_zone" && finding.Count == 3);
    }

    [Theory]
    [InlineData("2026-09-30T21:00:00Z")]
    [InlineData("2026-11-01T03:00:00Z")]
    public void A_record_just_outside_the_period_is_found(string at)
    {
        var line = Invoice(Line("1", 60, 0.06m, resource: "call-1")).Against(Usage(at, 60, 0.06m, native: "call-1")).Lines.ShouldHaveSingleItem();

        line.Status.ShouldBe(LineStatus.PeriodDiffers);
        line.Found!.TimeZone.ShouldNotBeNull();
        line.Ledger.Cost.ShouldBe(0);
    }

    [Fact]
    public void A_record_of_another_day_of_the_period_is_the_lines_own()
    {
        var matched = Invoice(Line("1", 60, 0.06m, resource: "call-1", date: "2026-10-05"), Line("2", 60, 0.06m, resource: "call-2", date: "2026-10-05")).Against(
            Usage("2026-10-04T22:00:00Z", 60, 0.06m, native: "call-1"), Usage("2026-10-20T22:00:00Z", 60, 0.06m, native: "call-2"));

        matched.Lines.Select(line => (line.Status, line.Difference, line.Found!.IsCounted)).ShouldBe([(LineStatus.PeriodDiffers, 0m, true), (LineStatus.PeriodDiffers, 0m, true)]);
        matched.Lines[0].Found!.TimeZone.ShouldNotBeNull();
        matched.Lines[1].Found!.TimeZone.ShouldBeNull();
    }

    [Fact]
    public void A_time_zone_that_only_leaves_some_out_explains_nothing_by_itself() =>
        Invoice(Line("1", 60, 0.06m, date: "2026-10-05")).Against(Usage("10:00", 60, 0.06m), Usage("15:00", 60, 0.06m)).Lines[0].Status.ShouldBe(LineStatus.QuantityDiffers);

    [Fact]
    public void What_is_further_off_than_any_time_zone_is_missing() =>
        Invoice(Line("1", 60, 0.06m, date: "2026-10-05")).Against(Usage("2026-10-07T00:00:00Z", 60, 0.06m)).Lines[0].Status.ShouldBe(LineStatus.MissingInLedger);

    [Fact]
    public void Days_are_those_of_the_invoices_zone_over_a_change_of_clocks()
    {
        // The 25th of October has 25 hours in Berlin.
        var invoice = Invoice(Line("1", 2, 0.02m, date: "2026-10-25"), Line("2", 1, 0.01m, date: "2026-10-26")) with { TimeZone = "Europe/Berlin" };

        var matched = invoice.Against(
            Usage("2026-10-24T22:00:00Z", 1, 0.01m), Usage("2026-10-25T22:45:00Z", 1, 0.01m), Usage("2026-10-25T23:00:00Z", 1, 0.01m));

        matched.Lines.ShouldAllBe(line => line.Status == LineStatus.Matched);
    }

    [Theory]
    [InlineData("UTC", "2011-12-30")]
    [InlineData("Pacific/Apia", "2011-12-30")]
    [InlineData("Pacific/Apia", "2011-12-29")]
    public void A_day_that_a_zone_skipped_ends_no_matching(string zone, string date)
    {
        var invoice = Invoice(Line("1", 60, 0.06m, date: date)) with
        {
            TimeZone = zone, PeriodStart = Instant.FromUtc(2011, 12, 20, 10, 0), PeriodEnd = Instant.FromUtc(2012, 1, 10, 10, 0),
        };

        invoice.Against().Status().ShouldBe(LineStatus.MissingInLedger);
    }

    [Fact]
    public void Usage_of_one_resource_is_found_again_around_a_day_that_was_skipped()
    {
        var invoice = Invoice(Line("1", 60, 0.06m, resource: "call-1", date: "2012-01-05")) with
        {
            TimeZone = "Pacific/Apia", PeriodStart = Instant.FromUtc(2011, 12, 20, 10, 0), PeriodEnd = Instant.FromUtc(2012, 1, 10, 10, 0),
        };

        // The last hour of the 29th, whose next day there was none of.
        invoice.Against(Usage("2011-12-30T09:00:00Z", 60, 0.06m, native: "call-1")).Status().ShouldBe(LineStatus.PeriodDiffers);
    }

    [Theory]
    [InlineData("2011-12-30", "2012-01-30", "2011-12-30")]
    [InlineData("2011-11-30", "2011-12-30", "2011-12-29")]
    public void An_invoice_may_begin_and_end_with_a_day_that_was_skipped(string from, string to, string line)
    {
        var body = $$"""
            {"provider":"retell","number":"1","timeZone":"Pacific/Apia","periodStart":"{{from}}","periodEnd":"{{to}}",
            "lines":[{"id":"1","metric":"call","date":"{{line}}","quantity":"1","amount":"1"}]}
            """;

        var (invoice, _, problem) = InvoiceReader.Read(new CommandFields(JsonDocument.Parse(body).RootElement));

        var skipped = Instant.FromUtc(2011, 12, 30, 10, 0);
        (line == "2011-12-30" ? problem!.Errors!.Single().Code : (object)invoice!.PeriodEnd).ShouldBe(line == "2011-12-30" ? "date_outside_period" : skipped);
    }
}
