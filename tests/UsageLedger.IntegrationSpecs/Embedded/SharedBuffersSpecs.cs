using System.Runtime.Versioning;
using UsageLedger.Host.Embedded;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Embedded;

[UnsupportedOSPlatform("windows")]
public sealed class SharedBuffersSpecs
{
    private const string Asked = "select pg_size_bytes(current_setting('shared_buffers')) / 1024 / 1024";
    private const long GiB = 1024L * 1024 * 1024;

    [Theory]
    [InlineData(GiB / 2, 128)]
    [InlineData(4 * GiB, 512)]
    [InlineData(24 * GiB, 3072)]
    [InlineData(256 * GiB, 4096)]
    public void The_embedded_server_keeps_an_eighth_of_the_memory_for_pages(long memory, long megabytes) =>
        ClusterSettings.SharedBuffers(memory).ShouldBe($"shared_buffers = {megabytes}MB\n");

    [Fact]
    public async Task The_embedded_server_runs_with_what_its_machine_allows()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        await using var asked = database.DataSource.CreateCommand(Asked);

        var megabytes = (long)(await asked.ExecuteScalarAsync())!;

        ClusterSettings.SharedBuffers(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes).ShouldBe($"shared_buffers = {megabytes}MB\n");
    }
}
