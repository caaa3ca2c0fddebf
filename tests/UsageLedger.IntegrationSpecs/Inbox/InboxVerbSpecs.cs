using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Inbox;

public sealed class InboxVerbSpecs
{
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
    public async Task An_operator_retries_all_of_a_status_at_the_command_line()
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
        (await program.RunAsync("inbox", "retry", "--tenant", "acme", "--status", "done")).ExitCode.ShouldBe(2);
        (await program.RunAsync("inbox", "retry", "--tenant", "acme")).ExitCode.ShouldBe(2);
        (await program.RunAsync("inbox", "retry", $"{Guid.NewGuid()}", "--status", "dead", "--tenant", "acme")).ExitCode.ShouldBe(2);
    }
}
