using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>A second host of a ledger is given the keys of the first; it makes none of its own where something is sealed.</summary>
public sealed class AnotherHostSpecs
{
    [Fact]
    public async Task A_host_without_the_master_key_of_what_is_sealed_makes_none_and_does_not_serve()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var first = new LedgerProgram(database.ConnectionString);
        await using (await LedgerServer.StartAsync(first))
        {
            await using var seal = database.DataSource.CreateCommand("insert into ledger.sealed_keys (name, master_key_id, sealed_key) values ('spec', 'feedfeedfeedfeed', '')");
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
