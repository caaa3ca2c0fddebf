using NodaTime;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Inbox;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Collecting;

public sealed class RunSpecs
{
    private const string Statuses = "select status from ledger.inbox_items order by received_at";
    private const string RunEvents = "select type from ledger.mt_events where type like 'collection%' order by seq_id";

    [Fact]
    public async Task A_run_collects_its_window_and_leaves_its_story()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        for (var i = 0; i < 5; i++)
            ledger.Bureau.Send($"f{i}", ledger.Clock.Now - Duration.FromMinutes(i + 1));
        ledger.Bureau.Send("old", ledger.Clock.Now - Duration.FromHours(2));
        await ledger.StartAsync();
        var caller = await ledger.CallerAsync();

        var asked = await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}""", headers: ("X-Correlation-Id", "order:7"));

        asked.Status.ShouldBe(202, asked.Text);
        var run = await EndedAsync(caller, asked);
        run.ShouldContain("\"status\":\"completed\"");
        run.ShouldContain("\"pages\":3,\"records\":5,\"accepted\":5,\"duplicates\":0,\"revised\":0,\"rejected\":0");
        (await ledger.RowsAsync(RunEvents)).ShouldBe(["collection_started", "collection_completed"]);
        (await ledger.RowsAsync("select distinct correlation_id from ledger.mt_events where type like 'collection%' or type like 'usage%'")).ShouldBe(["order:7"]);
        (await ledger.UsageAsync()).Count.ShouldBe(5);
        await ledger.UntilAsync("select (cursor_at = timestamptz '2026-10-05 12:00Z')::text from read.collection_cursors", "true", "the cursor has moved");
        (await caller.GetAsync("/v1/collections?status=completed&sourceId=fax-main")).Text.ShouldContain("\"accepted\":5");
        (await caller.GetAsync("/v1/collections?status=dead")).Text.ShouldBe("""{"items":[],"nextCursor":null}""");
    }

    [Fact]
    public async Task Runs_overlap_and_what_they_find_again_counts_once()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Bureau.Send("a", ledger.Clock.Now - Duration.FromMinutes(10), price: null);
        await ledger.StartAsync();
        var caller = await ledger.CallerAsync();
        await EndedAsync(caller, await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}"""));
        await ledger.UntilAsync("select count(*) from read.collection_cursors", "1", "the cursor has moved");
        ledger.Clock.Now += Duration.FromMinutes(30);
        ledger.Bureau.Send("a", ledger.Bureau.Faxes["a"].SentAt);
        ledger.Bureau.Send("b", ledger.Clock.Now - Duration.FromMinutes(1));

        var second = await EndedAsync(caller, await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}"""));

        second.ShouldContain("\"from\":\"2026-10-05T11:00:00Z\",\"to\":\"2026-10-05T12:30:00Z\"");
        second.ShouldContain("\"accepted\":1,\"duplicates\":0,\"revised\":1");
        (await ledger.UsageAsync()).Order().ShouldBe(["fax:a 0.07 usage_revised", "fax:b 0.07 usage_recorded"]);
    }

    [Fact]
    public async Task A_run_that_was_cut_off_goes_on_behind_its_last_page_and_the_cursor_moves_last()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        for (var i = 0; i < 6; i++)
            ledger.Bureau.Send($"f{i}", ledger.Clock.Now - Duration.FromMinutes(i + 1));
        var killed = new TaskCompletionSource();
        ledger.Bureau.BeforePage = async start =>
        {
            if (start == 4 && killed.TrySetResult())
                await Task.Delay(Timeout.Infinite);
        };
        var run = (await UsageLedger.Collecting.Runs.CollectUsageHandler.Handle(
            new(CollectingLedger.Tenant, "spec", CollectingLedger.SourceId, null, null), ledger.Get<UsageLedger.Collecting.Sources.SourceStore>(),
            ledger.Get<InboxStore>(), default)).ShouldNotBeNull();
        var held = (await ledger.Get<InboxClaims>().TakeAsync(SpecInbox.Runs, Guid.NewGuid(), 1, default)).ShouldHaveSingleItem();
        _ = ledger.Get<IEnumerable<IInboxWork>>().Single(work => work.Kind == InboxKinds.Collect).DoAsync(held, default);
        await killed.Task;
        (await ledger.RowsAsync(RunEvents)).ShouldBe(["collection_started"]);

        await ledger.StartAsync();

        await ledger.UntilAsync(Statuses, "done", "another worker has ended the run");
        ledger.Bureau.Asked.ShouldBe(["from 0", "from 2", "from 4", "from 4"]);
        (await ledger.RowsAsync(RunEvents)).ShouldBe(["collection_started", "collection_completed"]);
        (await ledger.UsageAsync()).Count.ShouldBe(6);
        (await (await ledger.CallerAsync()).GetAsync($"/v1/collections/{run}")).Text.ShouldContain("\"accepted\":6");
    }

    [Fact]
    public async Task A_vendor_that_fails_is_asked_again_later_and_each_failure_is_told()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Bureau.Send("a", ledger.Clock.Now - Duration.FromMinutes(1));
        ledger.Bureau.BeforePage = _ => throw new UsageLedger.Collecting.VendorException("vendor_failed", "It answered 503.");
        await ledger.StartAsync();
        var caller = await ledger.CallerAsync();
        var asked = await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}""");
        await ledger.UntilAsync(Statuses, "failed", "the run has failed");
        (await caller.GetAsync(asked.Header("Location"))).Text.ShouldContain("\"status\":\"failed\"");
        (await ledger.RowsAsync(RunEvents)).ShouldBe(["collection_started", "collection_failed"]);

        (await caller.PostAsync(asked.Header("Location") + "/retry", "{}")).Status.ShouldBe(202);
        await ledger.UntilAsync("select count(*) from ledger.mt_events where type = 'collection_failed'", "2", "it has failed in a second series of tries");
        await ledger.UntilAsync(Statuses, "failed", "the run has failed again");
        ledger.Bureau.BeforePage = _ => Task.CompletedTask;
        (await caller.PostAsync(asked.Header("Location") + "/retry", "{}")).Status.ShouldBe(202);

        (await EndedAsync(caller, asked)).ShouldContain("\"accepted\":1");
        (await ledger.RowsAsync(RunEvents)).ShouldBe(["collection_started", "collection_failed", "collection_failed", "collection_completed"]);
        (await caller.PostAsync(asked.Header("Location") + "/retry", "{}")).Status.ShouldBe(409);
    }

    [Fact]
    public async Task A_cost_that_stays_pending_beyond_the_look_back_is_asked_for_by_name()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Bureau.Send("late", ledger.Clock.Now - Duration.FromMinutes(50), price: null);
        await ledger.StartAsync();
        var caller = await ledger.CallerAsync();
        await EndedAsync(caller, await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}"""));
        await ledger.UntilAsync("select idempotency_key from read.pending_costs", "fax:late", "the pending cost is seen");
        await ledger.UntilAsync("select count(*) from read.collection_cursors", "1", "the cursor has moved");
        ledger.Clock.Now += Duration.FromDays(3);
        (await caller.GetAsync("/v1/collections/lag")).Text.ShouldContain("\"pendingCosts\":1,\"oldestPendingAt\":\"2026-10-05T11:10:00Z\",\"alarms\":[\"pending_costs\"]");
        await EndedAsync(caller, await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}"""));
        await ledger.UntilAsync("select count(*) from read.collections where status = 'completed'", "2", "the cursor has moved again");
        ledger.Bureau.Asked.ShouldNotContain("fetch late", "its window was still polled");
        ledger.Bureau.Send("late", ledger.Bureau.Faxes["late"].SentAt, price: 0.11m);

        await EndedAsync(caller, await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}"""));

        ledger.Bureau.Asked.ShouldContain("fetch late");
        (await ledger.UsageAsync()).ShouldBe(["fax:late 0.11 usage_revised"]);
        await ledger.UntilAsync("select count(*) from read.pending_costs", "0", "nothing is pending");
    }

    [Fact]
    public async Task A_pending_record_that_cannot_be_had_does_not_stop_the_source()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Bureau.ListsRecords = false;
        ledger.Bureau.Send("gone", ledger.Clock.Now - Duration.FromMinutes(50), price: null);
        await ledger.StartAsync();
        var caller = await ledger.CallerAsync();
        await EndedAsync(caller, await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}"""));
        await ledger.UntilAsync("select idempotency_key from read.pending_costs", "fax:gone", "the pending cost is seen");
        await ledger.UntilAsync("select count(*) from read.collection_cursors", "1", "the cursor has moved");
        ledger.Bureau.BeforeFetch = () => throw new UsageLedger.Collecting.VendorException("vendor_failed", "The vendor does not know it.");
        ledger.Clock.Now += Duration.FromMinutes(10);

        (await EndedAsync(caller, await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}"""))).ShouldContain("\"status\":\"completed\"");

        ledger.Bureau.Asked.ShouldContain("fetch gone", "a vendor that lists nothing is asked by name however young it is");
        (await ledger.RowsAsync("select data ->> 'pendingFailure' from ledger.mt_events where type = 'collection_completed' order by seq_id"))
            .ShouldBe(["null", "vendor_failed: The vendor does not know it."]);
        await ledger.UntilAsync("select (cursor_at = timestamptz '2026-10-05 12:10Z')::text from read.collection_cursors", "true", "the cursor has moved");
    }

    [Fact]
    public async Task What_a_run_cannot_use_is_asked_for_again_once_and_waits_for_an_operator_and_remarks_are_told()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Bureau.Send("blank", ledger.Clock.Now - Duration.FromMinutes(2), pages: 0);
        ledger.Bureau.Send("thick", ledger.Clock.Now - Duration.FromMinutes(1), pages: 900);
        await ledger.StartAsync();
        var caller = await ledger.CallerAsync();

        for (var run = 0; run < 2; run++)
            (await EndedAsync(caller, await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}"""))).ShouldContain("\"records\":2");

        await ledger.UntilAsync(
            "select status || ' ' || reason from ledger.inbox_items where kind = 'fetch'", "quarantined not_normalised: blank: it has no pages.", "it is seen");
        (await ledger.RowsAsync("select data ->> 'rejected' || ' ' || (data ->> 'notes') from ledger.mt_events where type = 'collection_completed'"))
            .ShouldAllBe(told => told == "1 [{\"note\": \"it has very many pages\", \"nativeId\": \"thick\"}]");
        ledger.Bureau.Send("blank", ledger.Bureau.Faxes["blank"].SentAt);
        var item = (await caller.GetAsync("/v1/inbox?status=quarantined")).Items.ShouldHaveSingleItem();
        (await caller.PostAsync($"/v1/inbox/{item["id"]}/retry", "{}")).Status.ShouldBe(200);
        await ledger.UntilAsync("select status from ledger.inbox_items where kind = 'fetch'", "done", "it can be used now");
        (await ledger.UsageAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_run_cannot_use_and_not_ask_for_by_name_is_told_with_its_reason()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Bureau.NamesFaxes = false;
        ledger.Bureau.Send("blank", ledger.Clock.Now - Duration.FromMinutes(2), pages: 0);
        await ledger.StartAsync();
        var caller = await ledger.CallerAsync();

        (await EndedAsync(caller, await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}"""))).ShouldContain("\"rejected\":1");

        (await ledger.RowsAsync("select data ->> 'notes' from ledger.mt_events where type = 'collection_completed'"))
            .ShouldBe(["""[{"note": "it has no pages", "nativeId": "blank"}]"""]);
        (await ledger.RowsAsync("select kind from ledger.inbox_items")).ShouldBe(["collect"]);
    }

    [Theory]
    [InlineData("""{"sourceId":"nobody"}""", 404)]
    [InlineData("""{}""", 422)]
    [InlineData("""{"sourceId":"fax-main","from":"2026-10-02T00:00:00Z","to":"2026-10-02T00:00:00Z"}""", 422)]
    [InlineData("""{"sourceId":"fax-main","from":"yesterday"}""", 422)]
    public async Task What_cannot_be_collected_is_refused(string body, int status)
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.StartAsync();

        (await (await ledger.CallerAsync()).PostAsync("/v1/collections", body)).Status.ShouldBe(status);
        (await (await ledger.CallerAsync("other")).PostAsync("/v1/collections", """{"sourceId":"fax-main"}""")).Status.ShouldBe(404);
    }

    internal static async Task<string> EndedAsync(Caller caller, Reply asked)
    {
        var run = "";
        await EventLog.SpecLog.UntilAsync(async () =>
        {
            run = (await caller.GetAsync(asked.Header("Location"))).Text;
            return run.Contains("\"completed\"", StringComparison.Ordinal) || run.Contains("\"dead\"", StringComparison.Ordinal);
        }, "the run has ended");
        return run;
    }
}
