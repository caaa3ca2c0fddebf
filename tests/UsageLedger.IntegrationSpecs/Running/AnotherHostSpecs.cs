using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>A second host of a ledger is given the keys of the first; it makes none of its own where something is sealed.</summary>
public sealed class AnotherHostSpecs
{
    private const string Seal = "insert into ledger.sealed_keys (name, master_key_id, sealed_key) values ('spec', 'feedfeedfeedfeed', '')";

    private const string Bill = """
        {"provider":"voice","number":"R-8","periodStart":"2026-08-01","periodEnd":"2026-09-01","timeZone":"UTC","currency":"USD",
         "lines":[{"id":"1","metric":"call","quantity":"1","amount":"1"}],"total":"1"}
        """;

    /// <summary>What has keys: one that records, one that works off the inbox, one that seals, and those that change something and then sign.</summary>
    private static readonly string[] NeedKeys =
    [
        "import usage.jsonl --tenant acme --source file --client contoso", "collect --tenant acme --source voice", "credentials rotate-master --new-key-file new.key",
        "cycles close --tenant acme --client contoso --cycle 2026-08 --force --reason spec", "invoices import bill.json --tenant acme", "reconcile --tenant acme --invoice R-8",
    ];

    private static readonly string[] NeedNone = ["inbox list --tenant acme", "keys list --tenant acme", "cycles close --tenant acme --client contoso --cycle 2026-08 --check", "projections status"];

    [Fact]
    public async Task A_verb_that_needs_keys_makes_none_where_something_is_sealed_and_one_that_needs_none_works()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var second = new LedgerProgram(database.ConnectionString);
        (await second.RunAsync("migrate")).ShouldExit(0);
        await using (var seal = database.DataSource.CreateCommand(Seal))
            await seal.ExecuteNonQueryAsync();
        await File.WriteAllTextAsync(second.In("usage.jsonl"), "{}");
        await File.WriteAllTextAsync(second.In("bill.json"), Bill);

        foreach (var verb in NeedKeys)
        {
            var run = await second.RunAsync([.. verb.Split(' ').Select(word => word.Contains('.', StringComparison.Ordinal) ? second.In(word) : word)]);
            run.ShouldExit(1).Errors.ShouldContain("master key feedfeedfeedfeed", Case.Sensitive, verb);
        }

        foreach (var verb in NeedNone)
            (await second.RunAsync(verb.Split(' '))).Errors.ShouldNotContain("feedfeedfeedfeed", Case.Sensitive, verb);
        Directory.EnumerateFiles(second.DataDir, "*.key*").ShouldBeEmpty();
        await using var left = database.DataSource.CreateCommand("select (select count(*) from ledger.log_keys) + (select count(*) from ledger.mt_events)");
        (await left.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task A_host_without_the_master_key_of_what_is_sealed_makes_none_and_does_not_serve()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var first = new LedgerProgram(database.ConnectionString);
        await using (await LedgerServer.StartAsync(first))
        {
            await using var seal = database.DataSource.CreateCommand(Seal);
            await seal.ExecuteNonQueryAsync();
        }

        var second = new LedgerProgram(database.ConnectionString);
        var told = (await second.RunAsync("serve", "--urls", "http://127.0.0.1:0")).ShouldExit(1).Errors;
        told.ShouldContain("feedfeedfeedfeed");
        told.ShouldContain("Copy master.key, signing.key and signing.key.pub here");
        File.Exists(second.In("master.key")).ShouldBeFalse();

        foreach (var key in new[] { "master.key", "signing.key", "signing.key.pub" })
            File.Copy(first.In(key), second.In(key));
        await using var server = await LedgerServer.StartAsync(second);
        (await second.RunAsync("verify", "--json")).ShouldExit(0).Json["unknownKeys"]!.AsArray().ShouldBeEmpty();
    }
}
