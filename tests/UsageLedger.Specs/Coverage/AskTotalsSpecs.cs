using NodaTime;
using UsageLedger.Coverage;

namespace UsageLedger.Specs.Coverage;

public sealed class AskTotalsSpecs
{
    [Theory]
    [InlineData(2026, 10, 1, null)]
    [InlineData(2000, 1, 1, null)]
    [InlineData(1999, 12, 31, "must be, as from, between 2000-01-01 and 2100-01-01")]
    [InlineData(-500, 1, 1, "must be, as from, between 2000-01-01 and 2100-01-01")]
    [InlineData(2026, 10, 5, "must be a day that is over in UTC")]
    [InlineData(2100, 1, 2, "must be, as from, between 2000-01-01 and 2100-01-01")]
    public void Days_that_no_vendor_has_totals_of_are_refused(int year, int month, int day, string? rule)
    {
        var asked = new LocalDate(year, month, day);
        new AskTotals("acme", "spec", "retell-main", asked, asked).Broken(Instant.FromUtc(2026, 10, 5, 12, 0)).ShouldBe(rule);
    }
}
