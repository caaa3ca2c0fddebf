using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;
using UsageLedger.Host;
using UsageLedger.IntegrationSpecs.EventLog;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>When a program with another time zone database takes over, open cycles go by that and closed ones stay what they were, for rows and reads alike.</summary>
public sealed class TimeZoneChangeSpecs(ITestOutputHelper output)
{
    private static readonly OtherZones Helsinki = new("spec-2", new Dictionary<string, string> { ["Europe/Berlin"] = "Europe/Helsinki" });

    [Fact]
    public async Task Open_cycles_go_by_the_new_zone_and_closed_ones_keep_their_boundaries()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = await SeptemberClosedAsync(log);
        cycles.Zones = Helsinki;
        await using (RunningProjections.Start(log, zones: Helsinki))
        {
            await cycles.AppendAsync(Usage("late", "2026-09-30T21:45:00Z").Recorded(), Usage("on the edge", "2026-09-30T22:00:00Z").Recorded());
            await log.UntilCaughtUpAsync();
        }

        (await LinesAsync(log)).ShouldBe(
        [
            "2026-08-31 22:00 - records 2",
            "2026-09-30 22:00 - records 1",
            "2026-10-31 22:00 - records 1",
            "2026-10-31 22:00 of 2026-08-31 22:00 records 1",
        ]);
        (await ReadAsync(log, "2026-09", Helsinki)).ShouldBe("2026-08-31T22:00:00Z/2026-09-30T22:00:00Z closed x2");
        (await ReadAsync(log, "2026-10", Helsinki)).ShouldBe("2026-09-30T22:00:00Z/2026-10-31T22:00:00Z closing x1");
        (await ReadAsync(log, "2026-11", Helsinki)).ShouldBe("2026-10-31T22:00:00Z/2026-11-30T22:00:00Z open x1, late x1 of 2026-09-01");
        (await ListAsync(log)).ShouldBe(["2026-11-01 2026-10-31T22:00:00Z", "2026-10-01 2026-09-30T22:00:00Z", "2026-09-01 2026-08-31T22:00:00Z"]);
    }

    [Fact]
    public async Task A_close_after_the_change_freezes_the_boundaries_of_that_day()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = await SeptemberClosedAsync(log);
        cycles.Zones = Helsinki;
        await cycles.CloseAsync("contoso", At("2026-10-15T00:00:00Z"), await log.HeadAsync());
        await ProjectAsync(cycles, Helsinki);

        await ProjectAsync(cycles, null);

        (await ReadAsync(log, "2026-10", DateTimeZoneProviders.Tzdb)).ShouldBe("2026-09-30T22:00:00Z/2026-10-31T22:00:00Z closed x0");
        (await ReadAsync(log, "2026-11", DateTimeZoneProviders.Tzdb)).ShouldBe("2026-10-31T22:00:00Z/2026-11-30T23:00:00Z open x1");
        await ShouldRebuildAsync(log, null, "");
    }

    [Fact]
    public async Task A_verb_of_another_time_zone_database_takes_no_cycle_from_the_server_that_books_them()
    {
        await using var log = await SpecLog.OpenAsync();
        await SeptemberClosedAsync(log);
        await using (RunningProjections.Start(log, zones: Helsinki))
        {
            await SpecLog.UntilAsync(async () => (await log.RowsAsync("select version from read.cycle_tzdb")).Single() == "spec-2", "the server books by its own zones");
            var booked = await LinesAsync(log);

            (await Should.ThrowAsync<SchemaMismatchException>(CatchUp.RunAsync(log.Database, NullLoggerFactory.Instance, default)))
                .Message.ShouldStartWith("A server books cycles by the time zones spec-2");

            (await LinesAsync(log)).ShouldBe(booked);
        }

        await CatchUp.RunAsync(log.Database, NullLoggerFactory.Instance, default);
        (await log.RowsAsync("select version from read.cycle_tzdb")).ShouldBe([DateTimeZoneProviders.Tzdb.VersionId], "nobody books by other zones any more");
    }

    [Fact]
    public async Task The_same_database_again_recounts_nothing()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = await SeptemberClosedAsync(log);
        await log.DoAsync("update read.cycle_aggregates set quantity = 77");

        await ProjectAsync(cycles, null);

        (await log.AskAsync<long>("select count(*) from read.cycle_aggregates where quantity <> 77 and client_id = 'contoso'")).ShouldBe(0);
    }

    [Fact]
    public async Task Lines_of_closed_cycles_are_not_even_written_again()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = await SeptemberClosedAsync(log);
        await log.DoAsync("update read.cycle_aggregates set quantity = 77");

        await ProjectAsync(cycles, Helsinki);

        (await log.RowsAsync("select cycle_start < '2026-09-30', quantity = 77 from read.cycle_aggregates where client_id = 'contoso' order by 1")).ShouldBe(["False False", "True True"]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(null)]
    public async Task Whatever_happened_rows_are_what_counting_by_the_calendar_of_today_gives_and_closed_ones_what_they_were(int? given)
    {
        var seed = given ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var log = await SpecLog.OpenAsync();
        var cycles = new CycleLog(log);
        var world = new CycleWorld(cycles, random);
        await using (RunningProjections.Start(log, options: RunningProjections.Brisk with { BatchPositionsMax = random.Next(1, 60) }))
            await LiveAsync(log, world, 40);
        var closed = await ClosedAsync(log);

        cycles.Zones = OtherZones.Moved;
        await using (RunningProjections.Start(log, zones: OtherZones.Moved))
        {
            await log.UntilCaughtUpAsync();
            (await ClosedAsync(log)).ShouldBe(closed, $"seed {seed}");
            await LiveAsync(log, world, 20);
        }

        (await CycleBooks.RowsAsync(log)).ShouldBe(await CycleBooks.OfAsync(log, await log.HeadAsync(), OtherZones.Moved), $"seed {seed}");
        await ShouldRebuildAsync(log, OtherZones.Moved, $"seed {seed}");
    }

    private static async Task LiveAsync(SpecLog log, CycleWorld world, int steps)
    {
        for (var step = 0; step < steps; step++)
            await world.StepAsync();
        await log.UntilCaughtUpAsync();
    }

    private static Task<List<string>> ClosedAsync(SpecLog log) => log.RowsAsync("""
        select a.client_id, a.cycle_start, a.origin_start, a.provider, a.metric, a.agent_id, a.unit, a.currency, a.quantity, a.cost, a.records, a.pending, a.revised, a.voided
        from read.cycle_aggregates a join read.cycle_closings z using (tenant_id, client_id, cycle_start)
        order by a.client_id, a.cycle_start, a.origin_start, a.line
        """);

    private static async Task ShouldRebuildAsync(SpecLog log, IDateTimeZoneProvider? zones, string where)
    {
        var outcome = await new ProjectionRebuild(log.Database, new ProjectionOptions { RebuildPositionsMax = 50 }).RunAsync(new CycleAggregates(zones), true, null, default);
        outcome.Differences.ShouldBe(0, $"{where}\n{string.Join('\n', outcome.Examples)}");
    }

    /// <summary>A client of Berlin with usage around midnight there and in Helsinki; September is closed.</summary>
    private static async Task<CycleLog> SeptemberClosedAsync(SpecLog log)
    {
        var cycles = new CycleLog(log) { Now = At("2026-10-31T23:30:00Z") };
        await cycles.RegisterAsync("contoso", "Europe/Berlin");
        var asOf = await cycles.AppendAsync(
            Usage("september", "2026-09-10T00:00:00Z").Recorded(), Usage("only in Berlin", "2026-09-30T21:30:00Z").Recorded(),
            Usage("october in Berlin", "2026-10-31T22:30:00Z").Recorded());
        await cycles.CloseAsync("contoso", At("2026-09-10T00:00:00Z"), asOf);
        await ProjectAsync(cycles, null);
        return cycles;
    }

    /// <summary>Until a process with these zones has taken over and taken something, of another client.</summary>
    private static async Task ProjectAsync(CycleLog cycles, IDateTimeZoneProvider? zones)
    {
        await using (RunningProjections.Start(cycles.Log, zones: zones))
        {
            await cycles.AppendAsync(new SpecUsage($"other {await cycles.HeadAsync()}", cycles.Now) { Client = "other" }.Recorded());
            await cycles.Log.UntilCaughtUpAsync();
        }
    }

    private static SpecUsage Usage(string key, string at) => new(key, At(at));

    private static Instant At(string text) => InstantPattern.ExtendedIso.Parse(text).Value;

    private static async Task<string> ReadAsync(SpecLog log, string cycle, IDateTimeZoneProvider zones)
    {
        var report = await ReadCycleHandler.Handle(new ReadCycle(SpecUsage.Tenant, "contoso", cycle, log.Clock.Now) { Zones = zones }, log.Database, default);
        var (lines, late) = (report!.Lines.Sum(line => line.Records), report.Adjustments);
        return FormattableString.Invariant($"{report.Cycle.Start}/{report.Cycle.End} {report.Cycle.Status.ToString().ToLowerInvariant()} x{lines}")
            + string.Concat(late.Select(one => FormattableString.Invariant($", late x{one.Records} of {one.OriginCycle}")));
    }

    private static async Task<List<string>> ListAsync(SpecLog log)
    {
        var page = await ListCyclesHandler.Handle(new ListCycles(SpecUsage.Tenant, "contoso", null, 100, log.Clock.Now) { Zones = Helsinki }, log.Database, default);
        return [.. page!.Cycles.Select(cycle => $"{cycle.Id} {cycle.Start}")];
    }

    private static Task<List<string>> LinesAsync(SpecLog log) => log.RowsAsync("""
        select to_char(cycle_start, 'YYYY-MM-DD HH24:MI ') || coalesce(to_char(origin_start, '"of" YYYY-MM-DD HH24:MI'), '-') || format(' records %s', records) as line
        from read.cycle_aggregates where records <> 0 and client_id = 'contoso' order by line
        """);
}
