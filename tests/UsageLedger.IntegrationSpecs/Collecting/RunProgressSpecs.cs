using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.Inbox;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>How far a run comes in several tries, and what of its window it then proves.</summary>
public sealed class RunProgressSpecs
{
    [Fact]
    public async Task A_vendor_that_allows_a_page_at_a_time_is_caught_up_with_however_many_there_are()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Build(options: new InboxOptions { AttemptsMax = 2, PollEvery = TimeSpan.FromMilliseconds(50) });
        for (var i = 0; i < 10; i++)
            ledger.Bureau.Send($"f{i}", ledger.Clock.Now - Duration.FromMinutes(i + 1));
        var times = 0;
        ledger.Bureau.BeforePage = _ => ++times % 2 == 0 ? throw new VendorException("vendor_limited", "It answered 429.") : Task.CompletedTask;
        await ledger.StartAsync(1);
        var caller = ledger.Caller(key: await ledger.KeyAsync(), host: 1);
        var asked = await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}""");

        for (var failure = 1; failure <= 4; failure++)
        {
            await ledger.UntilAsync("select count(*) from ledger.mt_events where type = 'collection_failed'", $"{failure}", "the vendor allows no more");
            await ledger.UntilAsync("select status || ' ' || attempts from ledger.inbox_items", "failed 1", "it is the first failure at its place");
            ledger.Clock.Now += Duration.FromMinutes(2);
        }

        (await RunSpecs.EndedAsync(caller, asked)).ShouldContain("\"pages\":5,\"records\":10,\"accepted\":10");
    }

    [Fact]
    public async Task A_list_that_begins_anew_at_each_try_does_not_come_further()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Build(options: new InboxOptions { AttemptsMax = 3, PollEvery = TimeSpan.FromMilliseconds(50) });
        ledger.Bureau.ForgetsPlaces = true;
        for (var i = 0; i < 10; i++)
            ledger.Bureau.Send($"f{i}", ledger.Clock.Now - Duration.FromMinutes(i + 1));
        ledger.Bureau.BeforePage = start => start == 4 ? throw new VendorException("vendor_failed", "It answered 503.") : Task.CompletedTask;
        await ledger.StartAsync(1);
        var caller = ledger.Caller(key: await ledger.KeyAsync(), host: 1);
        await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}""");

        foreach (var stands in (string[])["failed 1", "failed 2", "dead 3"])
        {
            await ledger.UntilAsync("select status || ' ' || attempts from ledger.inbox_items", stands, "only the first try came further");
            ledger.Clock.Now += Duration.FromMinutes(10);
        }

        string.Join(' ', ledger.Bureau.Asked.Select(asked => asked[^1])).ShouldBe("0 2 4 0 2 4 0 2 4");
        ledger.Bureau.BeforePage = _ => Task.CompletedTask;
        await caller.PostAsync("/v1/inbox/retry", """{"status":"dead"}""");
        await ledger.UntilAsync("select status from ledger.inbox_items", "done", "the list is told to its end");
        (await ledger.RowsAsync("select sum((hour ->> 'listed')::bigint)::bigint from ledger.mt_events, jsonb_array_elements(data -> 'hours') hour where type = 'collection_completed'"))
            .ShouldBe(["10"], "each is listed once, however often the list was begun");
    }

    [Theory]
    [InlineData(null, "2026-09-05T00:00:00Z")]
    [InlineData(-40, "2026-08-26T12:00:00Z")]
    [InlineData(-50, null)]
    public async Task A_run_proves_what_its_vendor_did_tell_also_of_days_that_are_told_no_more_by_the_clock(int? toldSince, string? proven)
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        var now = ledger.Clock.Now;
        (ledger.Bureau.DaysTold, ledger.Bureau.ToldSince) = (30, toldSince is { } days ? now + Duration.FromDays(days) : null);
        await ledger.StartAsync();
        var caller = await ledger.CallerAsync();

        await RunSpecs.EndedAsync(caller, await caller.PostAsync("/v1/collections", $$"""{"sourceId":"fax-main","from":"{{now - Duration.FromDays(50)}}","to":"{{now}}"}"""));

        (await ledger.RowsAsync("select coalesce(data ->> 'provenFrom', '-') from ledger.mt_events where type = 'collection_completed'")).ShouldBe([proven ?? "-"]);
    }

    [Fact]
    public async Task A_list_without_an_end_is_left_however_far_its_run_has_come()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        var state = RunState.Asked(null, null) with { Counts = RunCounts.None with { Pages = CollectWork.PagesMax } };
        await ledger.Get<InboxStore>().AddAsync(
            new NewInboxItem(CollectingLedger.Tenant, InboxKinds.Collect, CollectingLedger.SourceId, "asked:spec", "spec", state.ToBytes()), default);
        await ledger.StartAsync();

        await ledger.UntilAsync(
            "select status || ' ' || reason from ledger.inbox_items",
            "failed vendor_unreadable: The vendor's list goes on behind 500000 pages; drop this run, and collect a shorter time or in larger pages (setting pageSize).", "it has failed");
        ledger.Bureau.Asked.ShouldBeEmpty();
    }
}
