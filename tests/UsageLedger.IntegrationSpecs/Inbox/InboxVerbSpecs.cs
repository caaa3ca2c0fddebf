using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Inbox;

public sealed class InboxVerbSpecs
{
    private const string Many = """
        insert into ledger.inbox_items (id, tenant, kind, source, key, status, attempts, next_attempt_at, reason, received_at, correlation_id)
        select gen_random_uuid(), 'acme', 'webhook', 'shop', 'k' || n, 'dead', 10, now(), 'why', timestamptz '2026-10-01' + n * interval '1 second', 'c'
        from generate_series(1, 1001) as n
        """;

    private const string Foreign = """
        insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
        values (1, gen_random_uuid(), 'theirs', 1, '{}', 'foreign', 'acme')
        """;

    [Fact]
    public async Task An_operator_sees_retries_and_drops_items_at_the_command_line()
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { AttemptsMax = 1 });
        var id = await inbox.AddAsync("acme", "a", body: "From=%2B15005550006");
        await inbox.Workers(new SpecWork((_, _) => Task.FromResult(InboxOutcome.Quarantined("unknown_event: Nobody knows it.")))).WorkAsync(await inbox.TakeOneAsync(), default);
        var program = new LedgerProgram(inbox.Log.ConnectionString);

        var listed = (await program.RunAsync("inbox", "list", "--tenant", "acme", "--status", "quarantined", "--json")).ShouldExit(0);
        ((string)listed.Json["items"]![0]!["id"]!).ShouldBe($"{id}");
        ((string)listed.Json["items"]![0]!["reason"]!).ShouldBe("unknown_event: Nobody knows it.");
        var shown = await program.RunAsync("inbox", "show", $"{id}", "--tenant", "acme");
        shown.Out.ShouldContain("quarantined");
        shown.Out.ShouldNotContain("15005550006");
        (await program.RunAsync("inbox", "retry", $"{id}", "--tenant", "other")).ExitCode.ShouldBe(1);
        (await program.RunAsync("inbox", "retry", $"{id}", "--tenant", "acme")).ExitCode.ShouldBe(0);
        (await inbox.ItemsAsync()).ShouldBe(["acme a queued 0"]);
        (await program.RunAsync("inbox", "drop", $"{id}", "--tenant", "acme", "--json")).ExitCode.ShouldBe(0);
        (await inbox.ItemsAsync()).ShouldBeEmpty();
        (await inbox.Log.RowsAsync("select stream_id, data ->> 'itemId', data ->> 'droppedBy' from ledger.mt_events")).ShouldBe([$"source-shop {id} command-line"]);
        (await program.RunAsync("inbox", "drop", $"{id}", "--tenant", "acme")).ExitCode.ShouldBe(1);
        (await program.RunAsync("inbox", "drop", "the-first", "--tenant", "acme")).ExitCode.ShouldBe(2);
        (await program.RunAsync("inbox", "list", "--tenant", "acme", "--status", "odd")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_list_that_is_cut_off_says_so_and_goes_on_where_it_ended()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        await inbox.Log.DoAsync(Many);
        var program = new LedgerProgram(inbox.Log.ConnectionString);

        var first = (await program.RunAsync("inbox", "list", "--tenant", "acme", "--json")).ShouldExit(0).Json;
        var cursor = (string)first["nextCursor"]!;
        var rest = (await program.RunAsync("inbox", "list", "--tenant", "acme", "--cursor", cursor, "--json")).ShouldExit(0).Json;

        first["items"]!.AsArray().Count.ShouldBe(1_000);
        ((string)rest["items"]!.AsArray().ShouldHaveSingleItem()!["receivedAt"]!, rest["nextCursor"]).ShouldBe(("2026-10-01T00:00:01Z", null));
        (await program.RunAsync("inbox", "list", "--tenant", "acme")).ShouldExit(0).Out.ShouldContain($"--cursor {cursor}");
        (await program.RunAsync("inbox", "list", "--tenant", "acme", "--cursor", cursor[1..])).ShouldExit(2).Errors.Trim().ShouldBe("--cursor is none that a list ended with.");
    }

    [Fact]
    public async Task What_a_log_refuses_is_told_last_in_one_line()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        var id = await inbox.AddAsync("acme", "a");
        await inbox.Log.DoAsync(Foreign);

        var refused = (await new LedgerProgram(inbox.Log.ConnectionString).RunAsync("inbox", "drop", $"{id}", "--tenant", "acme")).ShouldExit(1);

        refused.Errors.Trim().Split('\n')[^1].ShouldStartWith("Position 1 or a stream's next version is taken by a row that the ledger did not write.");
        (await inbox.ItemsAsync()).ShouldBe(["acme a queued 0"]);
    }

    [Fact]
    public async Task An_operator_retries_or_drops_all_of_a_status_at_the_command_line()
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { AttemptsMax = 1 });
        foreach (var source in (string[])["shop", "shop", "bank"])
        {
            await inbox.AddAsync("acme", $"{source}-{Guid.NewGuid():N}", source: source);
            await inbox.Workers(new SpecWork((_, _) => throw new TimeoutException())).WorkAsync(await inbox.TakeOneAsync(), default);
            await inbox.Log.DoAsync("update ledger.inbox_items set status = 'dead', attempts = 1");
        }

        var program = new LedgerProgram(inbox.Log.ConnectionString);

        var one = (await program.RunAsync("inbox", "retry", "--tenant", "acme", "--status", "dead", "--source", "bank", "--json")).ShouldExit(0);
        (one.Json["retried"]!.ToJsonString(), one.Json["more"]!.ToJsonString()).ShouldBe(("1", "false"));
        (await inbox.Log.RowsAsync("select source, status from ledger.inbox_items order by 1")).ShouldBe(["bank queued", "shop dead", "shop dead"]);
        (await program.RunAsync("inbox", "retry", "--tenant", "acme", "--status", "dead")).ShouldExit(0).Out.ShouldStartWith("2 items");
        await inbox.Log.DoAsync("update ledger.inbox_items set status = 'dead'");
        (await program.RunAsync("inbox", "drop", "--tenant", "acme", "--status", "dead", "--source", "shop", "--json")).ShouldExit(0).Json["dropped"]!.ToJsonString().ShouldBe("2");
        (await inbox.Log.RowsAsync("select source from ledger.inbox_items")).ShouldBe(["bank"]);
        (await program.RunAsync("inbox", "drop", "--tenant", "acme", "--status", "failed")).ExitCode.ShouldBe(2);
        (await program.RunAsync("inbox", "retry", "--tenant", "acme", "--status", "done")).ExitCode.ShouldBe(2);
        (await program.RunAsync("inbox", "retry", "--tenant", "acme")).ExitCode.ShouldBe(2);
        (await program.RunAsync("inbox", "retry", $"{Guid.NewGuid()}", "--status", "dead", "--tenant", "acme")).ExitCode.ShouldBe(2);
    }
}
