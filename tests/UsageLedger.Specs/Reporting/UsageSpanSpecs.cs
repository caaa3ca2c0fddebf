using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Reporting;
using UsageLedger.Specs.Cycles;

namespace UsageLedger.Specs.Reporting;

public sealed class UsageSpanSpecs
{
    private static readonly Instant Start = World.At("2026-10-24T20:00:00Z");

    [Fact]
    public void Quarter_hours_and_the_parts_at_the_ends_are_the_whole_time_once()
    {
        var spans = Gen.Choose(0, 7200).SelectMany(from => Gen.Choose(1, 7200), (from, length) => (From: from, To: from + length));
        Prop.ForAll(spans.ToArbitrary(), span =>
        {
            var (from, to) = (Start + Duration.FromSeconds(span.From), Start + Duration.FromSeconds(span.To));
            var cut = UsageSpan.Of(Ask(from, to))!;
            var quarters = cut.QuartersFrom < cut.QuartersTo ? cut.QuartersTo - cut.QuartersFrom : Duration.Zero;
            return Whole(cut.QuartersFrom) && Whole(cut.QuartersTo)
                && cut.From == from && cut.To == to
                && cut.FirstPartTo >= from && cut.LastPartFrom <= to && cut.FirstPartTo <= cut.LastPartFrom
                && (cut.FirstPartTo - from) + quarters + (to - cut.LastPartFrom) == to - from
                && (quarters == Duration.Zero || (cut.FirstPartTo == cut.QuartersFrom && cut.LastPartFrom == cut.QuartersTo));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Windows_cover_the_time_without_gaps()
    {
        var berlin = new LocalWindows(DateTimeZoneProviders.Tzdb["Europe/Berlin"], WindowSize.Hour);

        var windows = UsageSpan.Of(Ask(Start, Start + Duration.FromDays(2)) with { Windows = berlin })!.Windows;

        windows.Count.ShouldBe(48);
        windows.Zip(windows.Skip(1)).ShouldAllBe(pair => pair.First.End == pair.Second.Start);
    }

    [Fact]
    public void A_page_goes_on_with_the_window_of_the_last_row()
    {
        var utc = new LocalWindows(DateTimeZone.Utc, WindowSize.Day);
        var first = Ask(Start + Duration.FromMinutes(7), Start + Duration.FromDays(9)) with { Windows = utc };

        var next = UsageSpan.Of(first with { After = new UsagePlace(World.At("2026-10-27T00:00:00Z"), "", "", "", "", "", "USD") })!;

        next.Windows[0].Start.ShouldBe(World.At("2026-10-27T00:00:00Z"));
        next.From.ShouldBe(next.Windows[0].Start);
        next.HasParts.ShouldBeFalse();
        UsageSpan.Of(first with { After = new UsagePlace(World.At("2026-10-24T00:00:00Z"), "", "", "", "", "", "USD") })!.From.ShouldBe(first.From);
    }

    [Fact]
    public void A_time_before_all_usage_has_no_windows() =>
        UsageSpan.Of(Ask(World.At("1970-01-01T00:00:00Z"), World.At("1999-01-01T00:00:00Z")) with { Windows = new(DateTimeZone.Utc, WindowSize.Hour) })!
            .Windows.ShouldBeEmpty();

    private static ReadUsage Ask(Instant from, Instant to) =>
        new("acme", null, from, to, null, new UsageGroups(false, false, false, false), new UsageFilter(null, null, null), null, ReadUsage.RowsMax);

    private static bool Whole(Instant instant) => instant.ToUnixTimeSeconds() % 900 == 0;
}
