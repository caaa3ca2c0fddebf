using System.Text;
using Npgsql;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Inbox;

public sealed class ClaimSpecs
{
    private const string FailAtCommit = """
        create function public.fail_at_commit() returns trigger language plpgsql as $$ begin raise 'it fails'; end $$;
        create constraint trigger fail_at_commit after insert on ledger.inbox_items deferrable initially deferred
        for each row execute function public.fail_at_commit()
        """;

    [Fact]
    public async Task The_same_work_put_in_twice_is_one_item()
    {
        await using var inbox = await SpecInbox.OpenAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => inbox.AddAsync("acme", "a")));

        ids.Distinct().ShouldHaveSingleItem();
        (await inbox.ItemsAsync()).ShouldBe(["acme a queued 0"]);
        (await inbox.AddAsync("fabrikam", "a")).ShouldNotBe(ids[0]);
    }

    [Fact]
    public async Task What_could_not_be_committed_is_not_said_to_be_there()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        await inbox.Log.DoAsync(FailAtCommit);

        await Should.ThrowAsync<PostgresException>(() => inbox.AddAsync("acme", "a"));

        (await inbox.ItemsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tenant_that_floods_the_inbox_does_not_hold_up_another()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        for (var i = 0; i < 50; i++)
            await inbox.AddAsync("flood", $"{i}");
        await inbox.AddAsync("late", "a");
        await inbox.AddAsync("zero", "a");

        var taken = await inbox.TakeAsync(Guid.NewGuid(), 4);

        taken.Select(item => item.Tenant).Order().ShouldBe(["flood", "flood", "late", "zero"]);
    }

    [Fact]
    public async Task A_tenant_never_holds_all_workers_of_a_host()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        for (var i = 0; i < 20; i++)
            await inbox.AddAsync("flood", $"{i}");
        var host = Guid.NewGuid();

        (await inbox.TakeAsync(host)).Count.ShouldBe(3);
        (await inbox.TakeAsync(host)).ShouldBeEmpty();
        (await inbox.TakeAsync(Guid.NewGuid())).Count.ShouldBe(3, "another host has workers of its own");
    }

    [Fact]
    public async Task What_a_dead_worker_held_is_taken_over_and_the_dead_one_changes_nothing()
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { Lease = TimeSpan.FromMilliseconds(200) });
        var id = await inbox.AddAsync("acme", "a");
        var dead = await inbox.TakeOneAsync();
        (await inbox.TakeAsync(Guid.NewGuid())).ShouldBeEmpty("it is held");

        await SpecLog.UntilAsync(async () => await inbox.Claims.TakeBackAsync(default) == 1, "the lease has run out");
        var next = await inbox.TakeOneAsync();

        (await inbox.Claims.RenewAsync(dead, default)).ShouldBeFalse();
        (await inbox.Holds.SaveAsync(dead, default, further: true, default)).ShouldBeFalse();
        var after = new NewInboxItem("acme", InboxKinds.Fetch, "shop", "b", "spec", default);
        (await inbox.Holds.EndAsync(dead, InboxOutcome.Done(after), default)).ShouldBeFalse();
        (await inbox.ItemsAsync()).ShouldBe(["acme a running 2"]);
        (await inbox.Holds.EndAsync(next, InboxOutcome.Done(after), default)).ShouldBeTrue();
        (await inbox.ItemsAsync()).ShouldBe(["acme a done 2", "acme b queued 0"]);
        (await inbox.ViewAsync("acme", id)).BodyBytes.ShouldBe(0);
    }

    [Fact]
    public async Task A_lease_that_is_renewed_is_not_taken_over()
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { Lease = TimeSpan.FromSeconds(1) });
        await inbox.AddAsync("acme", "a");
        var item = await inbox.TakeOneAsync();

        for (var i = 0; i < 15; i++)
        {
            (await inbox.Claims.RenewAsync(item, default)).ShouldBeTrue();
            await Task.Delay(100);
            (await inbox.Claims.TakeBackAsync(default)).ShouldBe(0);
        }
    }

    [Fact]
    public async Task One_source_has_one_run_at_a_time_on_all_hosts_together()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        await inbox.AddAsync("acme", "first", InboxKinds.Collect);
        await inbox.AddAsync("acme", "second", InboxKinds.Collect);
        await inbox.AddAsync("acme", "other", InboxKinds.Collect, source: "other");

        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => inbox.TakeAsync(Guid.NewGuid(), 4, SpecInbox.Runs)));

        var running = taken.SelectMany(items => items).ToList();
        running.Select(item => item.Source).Order().ShouldBe(["other", "shop"]);
        await inbox.Holds.EndAsync(running.Single(item => item.Source == "shop"), InboxOutcome.Done(), default);
        (await inbox.TakeOneAsync(SpecInbox.Runs)).Source.ShouldBe("shop");
    }

    [Fact]
    public async Task A_body_is_sealed_while_it_waits()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        const string secret = "From=%2B15005550006&Body=meet+me+at+noon";
        await inbox.AddAsync("acme", "a", body: secret);

        var stored = await inbox.Log.AskAsync<byte[]>("select body from ledger.inbox_items");

        Encoding.Latin1.GetString(stored).ShouldNotContain("15005550006");
        Encoding.Latin1.GetString(stored).ShouldNotContain("noon");
        Encoding.UTF8.GetString((await inbox.TakeOneAsync()).Body.Span).ShouldBe(secret);
    }
}
