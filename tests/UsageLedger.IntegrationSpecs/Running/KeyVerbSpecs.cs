using System.Diagnostics;
using System.Text.RegularExpressions;

namespace UsageLedger.IntegrationSpecs.Running;

[Collection(RunningLedger.Name)]
public sealed partial class KeyVerbSpecs(EmbeddedLedger ledger)
{
    private static readonly TimeSpan RefusedWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_key_stands_alone_on_the_last_line_and_works_at_once()
    {
        var made = (await ledger.Program.RunAsync("keys", "create", "--tenant", "newcomer", "--scopes", "ingest,query", "--name", "their sender")).ShouldExit(0);

        var key = made.Out.TrimEnd('\n').Split('\n')[^1];
        Secret().IsMatch(key).ShouldBeTrue(made.Out);
        made.Errors.ShouldContain("newcomer is a new tenant");
        (await new Caller(ledger.Server.Client, "newcomer", key).UsageAsync("[]")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task As_json_it_is_one_document()
    {
        var made = (await ledger.Program.RunAsync("keys", "create", "--tenant", "json", "--scopes", "audit,ingest", "--json")).ShouldExit(0).Json;

        made.Select(member => member.Key).ShouldBe(["id", "tenant", "scopes", "key"]);
        Guid.TryParseExact((string)made["id"]!, "D", out _).ShouldBeTrue();
        made["tenant"]!.ToJsonString().ShouldBe("\"json\"");
        made["scopes"]!.AsArray().Select(scope => (string)scope!).ShouldBe(["audit", "ingest"], ignoreOrder: true);
        Secret().IsMatch((string)made["key"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task A_revoked_key_is_refused_within_five_seconds()
    {
        var made = (await ledger.Program.RunAsync("keys", "create", "--tenant", "leaver", "--scopes", "ingest", "--json")).ShouldExit(0).Json;
        var (id, caller) = ((string)made["id"]!, new Caller(ledger.Server.Client, "leaver", (string)made["key"]!));
        (await caller.UsageAsync("[]")).Status.ShouldBe(200);

        (await ledger.Program.RunAsync("keys", "revoke", id, "--tenant", "acme")).ShouldExit(1).Errors.ShouldContain(id);
        (await ledger.Program.RunAsync("keys", "revoke", id, "--tenant", "leaver")).ShouldExit(0);

        var waited = Stopwatch.StartNew();
        while ((await caller.UsageAsync("[]")).Status != 401)
        {
            waited.Elapsed.ShouldBeLessThan(RefusedWithin);
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task The_list_shows_keys_without_their_secrets()
    {
        var secret = (await ledger.Program.RunAsync("keys", "create", "--tenant", "lister", "--scopes", "query", "--name", "console")).ShouldExit(0).Out.Trim();

        var list = (await ledger.Program.RunAsync("keys", "list", "--tenant", "lister", "--json")).ShouldExit(0);

        var key = list.Json["keys"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)key["name"]!).ShouldBe("console");
        list.Out.ShouldNotContain(secret[4..]);
    }

    [Theory]
    [InlineData("Acme Corp", "ingest", "a-z 0-9 -")]
    [InlineData("acme", "ingest,everything", "ingest, query, collect, audit, admin")]
    [InlineData("acme", "", "ingest, query, collect, audit, admin")]
    public async Task A_key_that_cannot_be_is_misuse(string tenant, string scopes, string said)
    {
        var refused = (await ledger.Program.RunAsync("keys", "create", "--tenant", tenant, "--scopes", scopes)).ShouldExit(2);

        refused.Out.ShouldBeEmpty();
        refused.Errors.ShouldContain(said);
    }

    [GeneratedRegex("^ulk_[A-Za-z0-9_-]{43}$")]
    private static partial Regex Secret();
}
