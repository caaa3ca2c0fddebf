using Npgsql;

namespace UsageLedger.IntegrationSpecs.Cluster;

public sealed class LedgerClusterSpecs
{
    private const string CountTables = "select count(*) from pg_class where relnamespace = 'public'::regnamespace";
    private const string MakeTable = "create table mine (id int)";

    [Fact]
    public async Task Each_database_is_new_and_alone()
    {
        await using var one = await LedgerCluster.CreateDatabaseAsync();
        await using var other = await LedgerCluster.CreateDatabaseAsync();

        await using (var make = one.DataSource.CreateCommand(MakeTable))
            await make.ExecuteNonQueryAsync();

        (await TablesAsync(one.DataSource)).ShouldBe(1);
        (await TablesAsync(other.DataSource)).ShouldBe(0);
    }

    private static async Task<long> TablesAsync(NpgsqlDataSource database)
    {
        await using var count = database.CreateCommand(CountTables);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
