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
        (await program.RunAsync("inbox", "drop", $"{id}", "--tenant", "acme")).ExitCode.ShouldBe(1);
        (await program.RunAsync("inbox", "drop", "the-first", "--tenant", "acme")).ExitCode.ShouldBe(2);
        (await program.RunAsync("inbox", "list", "--tenant", "acme", "--status", "odd")).ExitCode.ShouldBe(2);
    }
}
