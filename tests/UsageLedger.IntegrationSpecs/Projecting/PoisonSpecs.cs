using System.Globalization;
using NodaTime;
using UsageLedger.Clients;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>An event that cannot be projected stops its projection, named; everything before it counts and nothing is skipped.</summary>
public sealed class PoisonSpecs
{
    private const string Records = "select coalesce(sum(records), 0)::bigint from read.cycle_aggregates";
    private const string Buckets = "select coalesce(sum(records), 0)::bigint from read.usage_buckets";
    private const string HealUsage = """update ledger.mt_events set data = jsonb_set(data, '{quantity}', '"1"') where data ->> 'quantity' = 'x'""";
    private const string HealZone = """update ledger.mt_events set data = jsonb_set(data, '{timeZone}', '"Europe/Berlin"') where data ->> 'timeZone' = 'Nowhere'""";

    private static readonly Instant Start = Instant.FromUtc(2026, 10, 1, 0, 0);

    [Theory]
    [InlineData(1, 20)]
    [InlineData(7, 20)]
    [InlineData(20, 20)]
    [InlineData(150, 200)]
    public async Task A_usage_that_is_no_number_stops_the_read_models_right_before_it(int poison, int total)
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(Request(total, poison), default);

        await using var running = RunningProjections.Start(log);
        foreach (var name in new[] { UsageBuckets.ProjectionName, CycleAggregates.ProjectionName })
        {
            await log.UntilStoppedAsync(name);
            var status = await log.StatusAsync(name);
            (status.Position, status.FailedPosition, status.Lag).ShouldBe((poison - 1, poison, total - poison + 1));
            status.Error!.ShouldContain("numeric");
        }

        (await log.AskAsync<long>(Records)).ShouldBe(poison - 1);
        (await log.AskAsync<long>(Buckets)).ShouldBe(poison - 1);
    }

    [Fact]
    public async Task It_stays_stopped_until_it_is_resumed_and_then_counts_everything()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Request(20, 7), default);
        await using var running = RunningProjections.Start(log);
        await log.UntilStoppedAsync(UsageBuckets.ProjectionName);
        await log.UntilStoppedAsync(CycleAggregates.ProjectionName);

        (await ProjectionStore.ResumeAsync(log.Database, UsageBuckets.ProjectionName, default)).ShouldBeTrue();
        await log.UntilStoppedAsync(UsageBuckets.ProjectionName);
        (await log.StatusAsync(UsageBuckets.ProjectionName)).FailedPosition.ShouldBe(7);

        await log.DoAsync(HealUsage);
        foreach (var name in new[] { UsageBuckets.ProjectionName, CycleAggregates.ProjectionName })
            (await ProjectionStore.ResumeAsync(log.Database, name, default)).ShouldBeTrue();
        await log.UntilCaughtUpAsync();

        (await log.AskAsync<long>(Records)).ShouldBe(20);
        (await log.AskAsync<long>(Buckets)).ShouldBe(20);
        (await ProjectionStore.ResumeAsync(log.Database, UsageBuckets.ProjectionName, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_registration_that_cannot_be_read_stops_only_the_cycles_right_before_it()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(SpecUsage.Request([.. Usages(0, 9), Registered("Nowhere"), .. Usages(9, 5)]), default);

        await using var running = RunningProjections.Start(log);
        await log.UntilStoppedAsync(CycleAggregates.ProjectionName);
        await SpecLog.UntilAsync(async () => (await log.StatusAsync(UsageBuckets.ProjectionName)).Lag == 0, "the buckets have caught up");

        var status = await log.StatusAsync(CycleAggregates.ProjectionName);
        (status.Position, status.FailedPosition).ShouldBe((9, 10));
        (await log.AskAsync<long>(Records)).ShouldBe(9);

        await log.DoAsync(HealZone);
        await ProjectionStore.ResumeAsync(log.Database, CycleAggregates.ProjectionName, default);
        await log.UntilCaughtUpAsync();
        (await log.AskAsync<long>(Records)).ShouldBe(14);
    }

    [Fact]
    public async Task A_bad_usage_after_a_registration_leaves_what_came_before_it_counted()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(
            SpecUsage.Request([.. Usages(0, 4), Registered("Europe/Berlin"), .. Usages(4, 3), new SpecUsage("bad", Start).Poisoned(), .. Usages(7, 3)]), default);

        await using var running = RunningProjections.Start(log);
        await log.UntilStoppedAsync(CycleAggregates.ProjectionName);

        var status = await log.StatusAsync(CycleAggregates.ProjectionName);
        (status.Position, status.FailedPosition).ShouldBe((8, 9));
        (await log.AskAsync<long>(Records)).ShouldBe(7);
    }

    [Fact]
    public async Task A_new_owner_tries_again_and_names_what_stops_it_now()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(Request(20, 7), default);
        await using (RunningProjections.Start(log, "first"))
            await log.UntilStoppedAsync(UsageBuckets.ProjectionName);

        await log.DoAsync(HealUsage);
        await log.Appender("other").AppendAsync(SpecUsage.Request([.. Usages(100, 10), new SpecUsage("bad", Start).Poisoned()]), default);
        await using var second = RunningProjections.Start(log, "second");

        await SpecLog.UntilAsync(async () => (await log.StatusAsync(UsageBuckets.ProjectionName)).FailedPosition == 31, "the second poison is named");
        (await log.StatusAsync(UsageBuckets.ProjectionName)).Position.ShouldBe(30);
        (await log.AskAsync<long>(Buckets)).ShouldBe(30);
    }

    private static AppendRequest Request(int total, int poison) => SpecUsage.Request(
        Enumerable.Range(1, total).Select(i => i == poison ? Usage(i).Poisoned() : Usage(i).Recorded()));

    private static IEnumerable<AppendItem> Usages(int from, int count) => Enumerable.Range(from, count).Select(i => Usage(i).Recorded());

    private static SpecUsage Usage(int i) => new(i.ToString(CultureInfo.InvariantCulture), Start + Duration.FromHours(i));

    private static AppendItem Registered(string zone)
    {
        var id = DeterministicId.Of("registration", zone);
        var registered = new ClientRegistered("contoso", "Contoso", zone, "monthly", 1, 0, "USD", null);
        return new AppendItem(id, new NewEvent(id, StreamNames.OfRegistration("contoso"), EventTypes.ClientRegistered, registered.ToCanonical()));
    }
}
