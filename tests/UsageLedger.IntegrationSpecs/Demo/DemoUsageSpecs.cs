using NodaTime;
using UsageLedger.Host.Demo;

namespace UsageLedger.IntegrationSpecs.Demo;

public sealed class DemoUsageSpecs
{
    private static readonly Instant FirstOfMarch = Instant.FromUtc(2028, 3, 1, 0, 0);

    [Fact]
    public void The_month_is_the_one_before() => DemoMonth.Before(FirstOfMarch).Id.ShouldBe("2028-02");

    [Fact]
    public void The_same_month_is_the_same_usage_and_another_month_is_other_usage()
    {
        var (usage, again) = (Of(2028, 2), Of(2028, 2));

        usage.Priced.ShouldBe(again.Priced);
        usage.Unpriced.ShouldBe(again.Unpriced);
        usage.Priced.Select(record => record.IdempotencyKey).Intersect(Of(2028, 3).Priced.Select(record => record.IdempotencyKey)).ShouldBeEmpty();
    }

    [Fact]
    public void It_is_enough_to_see_something_and_every_kind_is_in_it()
    {
        var usage = Of(2028, 2);

        usage.Priced.Count.ShouldBeInRange(30_000, 60_000);
        usage.Unpriced.ShouldNotBeEmpty();
        usage.Wrong.ShouldNotBeEmpty();
        usage.Priced.Concat(usage.Unpriced).Select(record => record.IdempotencyKey).ShouldBeUnique();
    }

    [Fact]
    public void All_of_it_lies_in_the_month_by_utc_so_none_is_ahead_of_the_clock()
    {
        var usage = Of(2028, 2);

        usage.Priced.Concat(usage.Unpriced).ShouldAllBe(record =>
            record.OccurredAt >= Instant.FromUtc(2028, 2, 1, 0, 0) && record.OccurredAt < FirstOfMarch);
    }

    private static DemoUsage Of(int year, int month) => DemoUsage.Of(new DemoMonth(new YearMonth(year, month)), DemoClient.All);
}
