using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Telemetry;

public sealed class SilentCollectorSpecs
{
    /// <summary>A server has 20 seconds to stop, and its callers need them.</summary>
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_collector_that_takes_everything_and_says_nothing_takes_little_of_the_time_to_stop()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString)
        {
            Environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}") },
        };
        await using var server = await LedgerServer.StartAsync(program);
        var caller = new Caller(server.Client, "acme", "no-key");
        (await caller.GetAsync("/v1/clients")).Status.ShouldBe(401);

        var stopping = Stopwatch.StartNew();
        server.Terminate();
        (await server.EndAsync()).ShouldExit(0);

        stopping.Elapsed.ShouldBeLessThan(StopsWithin);
    }
}
