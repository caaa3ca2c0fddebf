using System.Text;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;

namespace UsageLedger.Specs.Collecting;

public sealed class RunStateSpecs
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 2, 8, 0);
    private static readonly Duration Day = Duration.FromDays(1);

    [Fact]
    public void A_first_run_looks_back_from_now() => Window(RunState.Asked(null, null), null).ShouldBe((Now - Day, Now));

    [Fact]
    public void A_run_overlaps_the_ones_before() =>
        Window(RunState.Asked(null, null), Now - Duration.FromHours(5)).ShouldBe((Now - Duration.FromHours(29), Now));

    [Fact]
    public void A_range_that_was_asked_for_is_taken_as_it_is()
    {
        var (from, to) = (Now - Duration.FromDays(40), Now - Duration.FromDays(10));

        Window(RunState.Asked(from, to), Now).ShouldBe((from, to));
        Window(RunState.Asked(null, to), Now).ShouldBe((to - Day, to));
    }

    [Fact]
    public void No_run_goes_beyond_now() => Window(RunState.Asked(Now - Day, Now + Day), null).ShouldBe((Now - Day, Now));

    [Fact]
    public void A_state_comes_back_as_it_was_kept()
    {
        var state = RunState.Asked(Now - Day, null).Started(Now, Day, Now) with { Cursor = "page 7", Counts = new RunCounts(1, 2, 3, 4, 5, 6, 7), ElapsedMs = 8 };

        RunState.Read(state.ToBytes()).ShouldBe(state);
        RunState.Read(default).ShouldBeNull();
    }

    [Fact]
    public void Each_try_that_fails_is_told_by_itself_and_once_and_keeps_the_remarks_within_bounds()
    {
        var run = new RunPlace("acme", "main", Guid.NewGuid(), Now);
        var state = RunState.Asked(Now - Day, null).Started(Now, Day, Now) with { Tries = 1 };
        Guid Told(RunState at) => RunEvents.Failed(run, at, 1, new VendorException(VendorException.Failed, "It answered 503.")).Id;

        Told(state with { ElapsedMs = 7 }).ShouldBe(Told(state));
        Told(state with { Tries = 2 }).ShouldNotBe(Told(state));
        state.Noted([.. Enumerable.Range(0, 500).Select(id => new RecordNote($"{id}", "odd"))]).Notes!.Count.ShouldBe(RunState.NotesMax);
        Encoding.UTF8.GetString(RunEvents.Completed(run, state.Noted([new RecordNote("call_1", "odd")])).Data.Utf8.Span)
            .ShouldContain("\"notes\":[{\"nativeId\":\"call_1\",\"note\":\"odd\"}],\"pages\":\"0\"");
    }

    [Fact]
    public void Of_days_that_the_vendor_tells_no_more_a_run_proves_nothing_and_the_latest_asking_decides()
    {
        Instant? Proven(int windowDays, int? told, params int[] askedAfter) => askedAfter.Aggregate(
            RunState.Asked(Now - (windowDays * Day), null).Started(null, Day, Now), (state, after) => state.Answered(told, Now + (after * Day))).ProvenFrom;

        Proven(60, null, 0).ShouldBeNull();
        Proven(30, 30, 0).ShouldBeNull();
        Proven(31, 30, 0).ShouldBe(Instant.FromUtc(2026, 10, 3, 0, 0));
        Proven(29, 30, 0, 5, 2).ShouldBe(Instant.FromUtc(2026, 10, 8, 0, 0));
        Proven(29, 30, 90).ShouldBe(Now);
    }

    [Fact]
    public void Of_days_that_the_vendor_does_tell_a_run_proves_all_whatever_the_clock_says()
    {
        Instant? Proven(int toldSince) =>
            RunState.Asked(Now - (40 * Day), null).Started(null, Day, Now).Answered(30, Now + (20 * Day), Now + (toldSince * Day)).ProvenFrom;

        Proven(-50).ShouldBeNull();
        Proven(-40).ShouldBeNull();
        Proven(-39).ShouldBe(Now - (39 * Day));
        Proven(0).ShouldBe(Instant.FromUtc(2026, 10, 23, 0, 0), "the vendor had nothing to tell of days that it would have told");
    }

    private static (Instant? From, Instant? To) Window(RunState asked, Instant? cursor) =>
        asked.Started(cursor, Day, Now) is var state ? (state.From, state.To) : default;
}
