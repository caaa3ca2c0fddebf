using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.EventLog;

public sealed class LogDatabaseSpecs
{
    [Theory]
    [InlineData("", 80)]
    [InlineData(";Maximum Pool Size=7", 7)]
    [InlineData(";MaxPoolSize=100", 100)]
    public async Task A_pool_is_as_large_as_is_documented_unless_the_connection_string_says_more_or_less(string said, int size)
    {
        await using var home = await LedgerCluster.CreateDatabaseAsync();
        var unsaid = new NpgsqlConnectionStringBuilder(home.ConnectionString);
        unsaid.Remove("Maximum Pool Size");

        await using var database = LogDatabase.Open(unsaid.ConnectionString + said, "spec");
        await using var connection = await database.OpenConnectionAsync();

        var opened = new NpgsqlConnectionStringBuilder(connection.ConnectionString);
        opened.MaxPoolSize.ShouldBe(size);
        (opened.TcpKeepAliveTime, opened.TcpKeepAliveInterval).ShouldBe((10, 5), "a server that is gone without a word is missed on this side too");
    }
}
