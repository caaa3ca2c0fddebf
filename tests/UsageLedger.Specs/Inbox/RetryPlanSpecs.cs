using NodaTime;
using UsageLedger.Inbox;

namespace UsageLedger.Specs.Inbox;

public sealed class RetryPlanSpecs
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1_000_000, 60)]
    public void Waits_double_from_a_minute_up_to_an_hour(int attempts, int minutes) =>
        RetryPlan.WaitAfter(attempts, chance: 0).ShouldBe(Duration.FromMinutes(minutes));

    [Fact]
    public void Chance_adds_up_to_a_quarter()
    {
        RetryPlan.WaitAfter(3, RetryPlan.ChanceMax).ShouldBe(Duration.FromMinutes(5));
        RetryPlan.WaitAfter(1, RetryPlan.ChanceMax / 2).ShouldBe(Duration.FromSeconds(67) + Duration.FromMilliseconds(500));
    }

    [Fact]
    public void No_tenant_may_hold_all_workers_of_a_host()
    {
        InboxOptions.ShareOf(8).ShouldBe(6);
        InboxOptions.ShareOf(2).ShouldBe(1);
        InboxOptions.ShareOf(1).ShouldBe(1);
    }
}
