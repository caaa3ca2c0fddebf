using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Matching;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Specs.Reconciling;

/// <summary>What holds of every invoice and every ledger.</summary>
public sealed class MatchingProperties
{
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 28, 0, 0);
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];
    private static readonly string[] Metrics = ["call.llm", "call.voice", "sms"];
    private static readonly string?[] Resources = [null, "r-1", "r-2"];

    private static readonly Gen<LedgerRow> Rows =
        from metric in Gen.Elements(Metrics)
        from resource in Gen.Elements(Resources)
        from native in Gen.Elements(null, "n-1", "n-2", "n-3")
        from quarter in Gen.Choose(-120, 500)
        from quantity in Gen.Choose(0, 5)
        from cost in Gen.Choose(-2, 9)
        from currency in Gen.Frequency((9, Gen.Constant("USD")), (1, Gen.Constant("EUR")))
        select new LedgerRow(metric, "second", currency, resource, native, null, null, 1, Start + Duration.FromMinutes(15 * quarter), new Figures(quantity, cost / 100m, 1, 0));

    private static readonly Gen<ProviderInvoice> Invoices =
        from zone in Gen.Elements(Zones)
        from lines in Gen.ListOf(
            from metric in Gen.Elements("call.llm", "call.voice", "sms", "call.*", "*")
            from resource in Gen.Elements(null, "r-1", "n-1", "n-9")
            from day in Gen.Choose(-1, 3)
            from quantity in Gen.Choose(-1, 9)
            from amount in Gen.Choose(-3, 12)
            select new InvoiceLine("", metric, resource, day < 0 ? null : new LocalDate(2026, 3, 28).PlusDays(day), null, quantity, amount / 100m))
        select new ProviderInvoice(
            "p", null, "1", DateTimeZoneProviders.Tzdb[zone].AtStartOfDay(new LocalDate(2026, 3, 28)).ToInstant(),
            DateTimeZoneProviders.Tzdb[zone].AtStartOfDay(new LocalDate(2026, 4, 1)).ToInstant(), zone, "USD", null,
            [.. lines.Select((line, index) => line with { Id = $"{index}" })]);

    private static readonly Arbitrary<(ProviderInvoice, List<LedgerRow>)> Cases = (
        from invoice in Invoices
        from rows in Gen.ListOf(Rows)
        select (invoice, rows.ToList())).ToArbitrary();

    [Fact]
    public void Totals_are_the_sums_of_the_lines_and_of_the_periods_usage() => Check.QuickThrowOnFailure(Prop.ForAll(Cases, given =>
    {
        var (invoice, rows) = given;
        var matched = invoice.Against(rows);
        var held = rows.Where(row => row.Currency == "USD" && row.Quarter >= invoice.PeriodStart && row.Quarter < invoice.PeriodEnd).Sum(row => row.Figures.Cost);
        matched.Totals.Ledger.ShouldBe(held);
        matched.Totals.Provider.ShouldBe(invoice.Lines.Sum(line => line.Amount));
        matched.Totals.Difference.ShouldBe(matched.Totals.Provider - matched.Totals.Ledger);
        matched.Lines.Sum(line => line.Difference).ShouldBe(matched.Totals.Difference);
        matched.Lines.ShouldAllBe(line => line.Difference == line.Provider.Cost - line.Ledger.Cost);
    }));

    [Fact]
    public void Every_line_of_the_invoice_stands_in_the_report_once_and_in_order() => Check.QuickThrowOnFailure(Prop.ForAll(Cases, given =>
        given.Item1.Against(given.Item2).Lines.Where(line => line.InvoiceLine is not null).Select(line => line.InvoiceLine)
            .ShouldBe(given.Item1.Lines.Select(line => line.Id))));

    [Fact]
    public void The_order_of_the_usage_makes_no_difference() => Check.QuickThrowOnFailure(Prop.ForAll(Cases, given =>
        given.Item1.Against(given.Item2).ShouldBeEquivalentTo(given.Item1.Against(given.Item2.AsEnumerable().Reverse()))));

    [Fact]
    public void An_invoice_made_of_the_usage_matches_in_every_line() => Check.QuickThrowOnFailure(Prop.ForAll(Cases, given =>
    {
        var (invoice, rows) = given;
        var own = invoice with
        {
            Lines =
            [
                .. rows.Where(row => row.Currency == "USD" && row.Quarter >= invoice.PeriodStart && row.Quarter < invoice.PeriodEnd)
                    .GroupBy(row => (row.Metric, row.Quarter.InZone(invoice.Zone).Date))
                    .Select((day, index) => new InvoiceLine(
                        $"{index}", day.Key.Metric, null, day.Key.Date, null, day.Sum(row => row.Figures.Quantity), day.Sum(row => row.Figures.Cost))),
            ],
        };
        own.Against(rows).Lines.ShouldAllBe(line => line.Status == LineStatus.Matched);
    }));
}
