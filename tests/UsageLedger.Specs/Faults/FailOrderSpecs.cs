using UsageLedger.EventLog.Faults;

namespace UsageLedger.Specs.Faults;

/// <summary>What a fault test may ask of a host, and how it is written.</summary>
public sealed class FailOrderSpecs
{
    [Theory]
    [InlineData("append.copied=kill@3")]
    [InlineData("append.locked=stall@*40")]
    [InlineData("inbox.marked=throw@1")]
    public void An_order_is_read_as_it_is_written(string text) => FailOrder.TryParse(text)!.ToString().ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData("append.copied")]
    [InlineData("append.copied=kill")]
    [InlineData("append.copied=kill@0")]
    [InlineData("append.copied=kill@-1")]
    [InlineData("append.copied=kill@1@2")]
    [InlineData("append.copied=explode@1")]
    [InlineData("append.copied=7@1")]
    [InlineData("=kill@1")]
    public void What_is_no_order_is_refused(string text)
    {
        FailOrder.TryParse(text).ShouldBeNull();
        FailPlan.TryParse($"append.locked=kill@1,{text}", _ => { }).ShouldBeNull();
    }

    [Fact]
    public void An_order_is_due_at_its_hit_alone_or_at_each_so_many()
    {
        Due("a=throw@2").ShouldBe([2]);
        Due("a=throw@*2").ShouldBe([2, 4, 6]);
    }

    [Fact]
    public async Task A_process_that_is_not_armed_passes_every_point()
    {
        for (var hit = 0; hit < 1_000; hit++)
            await new FailPoint("append.copied").ReachAsync();
    }

    private static IEnumerable<int> Due(string text) => Enumerable.Range(1, 6).Where(FailOrder.TryParse(text)!.IsDue);
}
