using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.Host;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>A read model does not tell how the log was cut into ranges while it grew.</summary>
public sealed class RangeCutSpecs
{
    private static readonly Instant At = Instant.FromUtc(2024, 10, 4, 0, 1);

    [Fact]
    public async Task Taken_event_by_event_or_all_at_once_the_rows_are_the_same()
    {
        await using var log = await SpecLog.OpenAsync();
        await FillAsync(log);
        await ProjectionStore.RegisterAsync(log.Database, LedgerServices.Projections.Select(projection => projection.Name), default);
        await log.DoAsync("update ledger.projections set position = (select position from ledger.log_head)");

        foreach (var projection in LedgerServices.Projections)
        {
            await new ProjectionRebuild(log.Database, new ProjectionOptions { RebuildPositionsMax = 1 }).RunAsync(projection, false, null, default);
            var whole = await new ProjectionRebuild(log.Database, new ProjectionOptions()).RunAsync(projection, true, null, default);
            whole.Differences.ShouldBe(0, $"{projection.Name}: {string.Join('\n', whole.Examples)}");
        }
    }

    /// <summary>Usage that comes to an hour, a client or a pending cost and leaves it again.</summary>
    private static async Task FillAsync(SpecLog log)
    {
        var appender = log.Appender();
        var source = new Source(SpecUsage.Tenant, "spec", "retell", new Uri("https://api.retellai.com"), null, Duration.FromHours(1), new Dictionary<string, string>());
        var id = Guid.NewGuid();
        await appender.AppendAsync(Appends.Of(new AppendItem(id, new NewEvent(
            id, StreamNames.OfSource("spec"), EventTypes.SourceConfigured, new SourceConfigured(source).ToCanonical()))), default);
        foreach (var client in new[] { null, "contoso" })
        {
            var usage = new SpecUsage($"of-{client}", At) { Client = client, Cost = null };
            var priced = usage with { At = At + Duration.FromHours(3), Cost = 0.25m };
            var moved = priced with { Client = "fabrikam", At = At + Duration.FromDays(40) };
            await appender.AppendAsync(SpecUsage.Request(usage.Recorded()), default);
            await appender.AppendAsync(SpecUsage.Request(usage.RevisedTo(priced)), default);
            await appender.AppendAsync(SpecUsage.Request(priced.RevisedTo(moved)), default);
            await appender.AppendAsync(SpecUsage.Request(moved.Voided()), default);
        }
    }
}
