using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>The projections of one process, with connections and signals of its own.</summary>
internal sealed class RunningProjections : IAsyncDisposable
{
    public static readonly ProjectionOptions Brisk = new()
    {
        RestPerWork = 0,
        PollEvery = TimeSpan.FromMilliseconds(50),
        TakeoverEvery = TimeSpan.FromMilliseconds(100),
    };

    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    private RunningProjections(SpecLog log, string applicationName, ProjectionOptions options, LogSignal head, IDateTimeZoneProvider? zones)
    {
        var database = log.Open(applicationName);
        var host = new ProjectionHost(
            database, new LogReader(database), head, new ReadSignal(), [new UsageBuckets(), new CycleAggregates(zones)], options, NullLoggerFactory.Instance);
        running = Task.Run(() => host.RunAsync(stopping.Token));
    }

    public static RunningProjections Start(
        SpecLog log, string applicationName = "projections", ProjectionOptions? options = null, LogSignal? head = null, IDateTimeZoneProvider? zones = null) =>
        new(log, applicationName, options ?? Brisk, head ?? new LogSignal(), zones);

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }
}

internal static class Projections
{
    public static async Task<ProjectionStatus> StatusAsync(this SpecLog log, string name) =>
        (await ProjectionStore.AllAsync(log.Database, default)).Single(status => status.Name == name);

    /// <summary>Until every projection has taken the whole log.</summary>
    public static Task UntilCaughtUpAsync(this SpecLog log) => SpecLog.UntilAsync(
        async () => await ProjectionStore.AllAsync(log.Database, default) is { Count: 2 } all && all.All(status => status.Lag == 0),
        "the read models have caught up");

    public static Task UntilStoppedAsync(this SpecLog log, string name) => SpecLog.UntilAsync(
        async () => (await ProjectionStore.AllAsync(log.Database, default)).Any(status => status.Name == name && status.State == "stopped"), $"{name} has stopped");
}
