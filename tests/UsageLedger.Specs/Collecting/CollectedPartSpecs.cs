using NodaTime;
using UsageLedger.Collecting.Runs;

namespace UsageLedger.Specs.Collecting;

public sealed class CollectedPartSpecs
{
    private static readonly Instant Now = Instant.FromUtc(2026, 10, 5, 12, 0);

    [Fact]
    public void A_time_that_one_run_may_have_is_one_part()
    {
        CollectUsage.Parts(null, null, Now).ShouldBe([(null, null)]);
        CollectUsage.Parts(Now - Duration.FromDays(400), null, Now).ShouldBe([(Now - Duration.FromDays(400), null)]);
        CollectUsage.Parts(Now - Duration.FromDays(400), Now + Duration.FromDays(9), Now).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_longer_time_is_parts_without_gap_or_overlap()
    {
        var from = Instant.FromUtc(2000, 1, 1, 0, 0);

        var parts = CollectUsage.Parts(from, null, Now);

        parts[0].From.ShouldBe(from);
        parts[^1].To.ShouldBeNull();
        parts.Zip(parts.Skip(1)).ShouldAllBe(pair => pair.First.To == pair.Second.From);
        parts.ShouldAllBe(part => CollectUsage.Broken(part.From, part.To, Now) == null);
        CollectUsage.Parts(from, from + Duration.FromDays(401), Now).ShouldBe([(from, from + Duration.FromDays(400)), (from + Duration.FromDays(400), from + Duration.FromDays(401))]);
    }
}
