using UsageLedger.EventLog.Appending;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.IntegrationSpecs.Collecting.FourthVendor;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Inbox;

/// <summary>What operators do with many items, and what stays of those that they drop.</summary>
public sealed class OperatorSpecs
{
    private const string Stopped = """
        insert into ledger.inbox_items (id, tenant, kind, source, key, status, attempts, next_attempt_at, reason, received_at, correlation_id)
        select gen_random_uuid(), t, 'webhook', s, 'k' || n, 'dead', 10, now(), 'why', timestamptz '2026-10-01' + n * interval '1 second', 'c'
        from (values ('acme', 'shop', 1001), ('acme', 'bank', 2), ('other', 'shop', 3)) as many (t, s, count), generate_series(1, count) as n
        """;

    [Fact]
    public async Task All_that_stopped_are_tried_again_the_oldest_first_and_so_many_in_a_call()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        await inbox.Log.DoAsync(Stopped);

        (await RetryAsync(inbox, InboxStatuses.Quarantined)).ShouldBe(new ItemsRetried(0, false));
        (await RetryAsync(inbox, InboxStatuses.Dead, "shop")).ShouldBe(new ItemsRetried(1000, true));

        (await inbox.Log.RowsAsync("select key, attempts, coalesce(reason, '-') from ledger.inbox_items where tenant = 'acme' and source = 'shop' and status = 'dead'"))
            .ShouldBe(["k1001 10 why"]);
        (await RetryAsync(inbox, InboxStatuses.Dead)).ShouldBe(new ItemsRetried(3, false));
        (await inbox.Log.RowsAsync("select tenant, status, count(*), sum(attempts) from ledger.inbox_items group by 1, 2 order by 1")).ShouldBe(["acme queued 1003 0", "other dead 3 30"]);
    }

    [Fact]
    public async Task What_is_dropped_stays_known_in_its_sources_stream_with_who_dropped_it()
    {
        await using var ledger = await QuarantinedAsync();
        var caller = await ledger.CallerAsync();
        var item = (await caller.GetAsync("/v1/inbox?status=quarantined")).Items.ShouldHaveSingleItem();
        var key = await ledger.RowsAsync("select key from ledger.inbox_items");

        (await caller.SendAsync(HttpMethod.Delete, $"/v1/inbox/{item["id"]}", null, ("X-Correlation-Id", "clean-up"))).Status.ShouldBe(204);

        var told = (await caller.GetAsync("/v1/ledger/events?type=inbox_item_dropped")).Json["events"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)told["stream"]!, (string)told["correlationId"]!).ShouldBe(("source-fax-main", "clean-up"));
        var data = told["data"]!;
        ((string)data["itemId"]!, (string)data["kind"]!, (string)data["key"]!, (string)data["status"]!).ShouldBe(((string)item["id"]!, "webhook", key.Single(), "quarantined"));
        ((string)data["reason"]!).ShouldBe("unknown_event: The event is of no kind that is known.");
        (await ledger.RowsAsync("select id from ledger.api_keys")).ShouldContain((string)data["droppedBy"]!);
        (await ledger.RowsAsync("select count(*) from ledger.inbox_items")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task Callers_retry_all_of_a_status_and_none_of_another_tenant()
    {
        await using var ledger = await QuarantinedAsync();
        var (caller, stranger) = (await ledger.CallerAsync(), await ledger.CallerAsync("other"));

        (await stranger.PostAsync("/v1/inbox/retry", """{"status":"quarantined"}""")).Text.ShouldBe("""{"retried":0,"more":false}""");
        (await caller.PostAsync("/v1/inbox/retry", """{"status":"dead"}""")).Text.ShouldBe("""{"retried":0,"more":false}""");
        (await caller.PostAsync("/v1/inbox/retry", """{"status":"quarantined","sourceId":"fax-main"}""")).Text.ShouldBe("""{"retried":1,"more":false}""");
        (await caller.PostAsync("/v1/inbox/retry", """{"status":"done"}""")).Errors.ShouldBe(["/status unknown_word"]);
        (await caller.PostAsync("/v1/inbox/retry", "{}")).Status.ShouldBe(422);
        (await (await ledger.CallerAsync(scopes: ["query"])).PostAsync("/v1/inbox/retry", """{"status":"dead"}""")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task All_that_stopped_are_dropped_so_many_in_a_call_and_each_is_told()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        await inbox.Log.DoAsync(Stopped);
        var log = inbox.Log.Appender();

        (await DropAsync(inbox, log, InboxStatuses.Quarantined)).ShouldBe(new ItemsDropped(0, false));
        (await DropAsync(inbox, log, InboxStatuses.Dead, "shop")).ShouldBe(new ItemsDropped(1000, true));

        (await inbox.Log.RowsAsync("select key from ledger.inbox_items where tenant = 'acme' and source = 'shop'")).ShouldBe(["k1001"]);
        (await DropAsync(inbox, log, InboxStatuses.Dead)).ShouldBe(new ItemsDropped(3, false));
        (await inbox.Log.RowsAsync("select tenant, count(*) from ledger.inbox_items group by 1")).ShouldBe(["other 3"]);
        (await inbox.Log.RowsAsync("select stream_id, count(*), count(distinct data ->> 'itemId'), min(data ->> 'droppedBy') from ledger.mt_events group by 1 order by 1"))
            .ShouldBe(["source-bank 2 2 somebody", "source-shop 1001 1001 somebody"]);
    }

    [Fact]
    public async Task What_is_told_as_dropped_is_dropped_though_the_caller_goes_away()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        await inbox.Log.DoAsync(Stopped);
        await inbox.Log.DoAsync("""
            create function ledger.slowly() returns trigger language plpgsql as 'begin perform pg_sleep(1); return old; end';
            create trigger slowly before delete on ledger.inbox_items for each row when (old.source = 'bank' and old.key = 'k1') execute function ledger.slowly()
            """);
        using var gone = new CancellationTokenSource();

        var dropping = DropItemsHandler.Handle(new DropItems("acme", InboxStatuses.Dead, "bank", "somebody", "clean-up"), inbox.Log.Database, inbox.Log.Appender(), gone.Token);
        await SpecLog.UntilAsync(async () => (await inbox.Log.RowsAsync("select count(*) from ledger.mt_events")).Single() == "2", "both are told");
        await gone.CancelAsync();

        (await dropping).ShouldBe(new ItemsDropped(2, false));
        (await inbox.Log.RowsAsync("select count(*) from ledger.inbox_items where source = 'bank'")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task Callers_drop_all_of_a_status_and_none_of_another_tenant()
    {
        await using var ledger = await QuarantinedAsync();
        var (caller, stranger) = (await ledger.CallerAsync(), await ledger.CallerAsync("other"));

        (await stranger.PostAsync("/v1/inbox/drop", """{"status":"quarantined"}""")).Text.ShouldBe("""{"dropped":0,"more":false}""");
        (await caller.PostAsync("/v1/inbox/drop", """{"status":"failed"}""")).Errors.ShouldBe(["/status unknown_word"]);
        (await caller.PostAsync("/v1/inbox/drop", """{"status":"quarantined","sourceId":"fax-other"}""")).Text.ShouldBe("""{"dropped":0,"more":false}""");
        (await caller.PostAsync("/v1/inbox/drop", """{"status":"quarantined","sourceId":"fax-main"}""")).Text.ShouldBe("""{"dropped":1,"more":false}""");
        (await caller.PostAsync("/v1/inbox/drop", "{}")).Status.ShouldBe(422);
        (await ledger.RowsAsync("select count(*) from ledger.inbox_items")).ShouldBe(["0"]);
    }

    private static async Task<CollectingLedger> QuarantinedAsync()
    {
        var ledger = await CollectingLedger.OpenAsync();
        await ledger.StartAsync();
        (await ledger.Caller().PostAsync("/v1/webhooks/acme/fax-main", "burnt a", "text/plain", (FaxWebhooks.Header, CollectingLedger.Secret))).Status.ShouldBe(200);
        await ledger.UntilAsync("select status from ledger.inbox_items", "quarantined", "it is quarantined");
        return ledger;
    }

    private static Task<ItemsDropped> DropAsync(SpecInbox inbox, LogAppender log, string status, string? source = null) =>
        DropItemsHandler.Handle(new DropItems("acme", status, source, "somebody", "clean-up"), inbox.Log.Database, log, default);

    private static Task<ItemsRetried> RetryAsync(SpecInbox inbox, string status, string? source = null) =>
        RetryItemsHandler.Handle(new RetryItems("acme", status, source), inbox.Log.Database, inbox.Log.Clock, inbox.Signal, default);
}
