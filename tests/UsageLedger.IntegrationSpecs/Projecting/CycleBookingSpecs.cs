using UsageLedger.Cycles;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.EventLog;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>The booking statement books as the rulings say, whatever was registered, moved, revised, voided and closed, in batches of any size.</summary>
public sealed class CycleBookingSpecs(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 60)]
    [InlineData(3, 60)]
    [InlineData(null, 60)]
    public async Task Every_line_adjustment_and_bucket_is_what_counting_event_by_event_gives(int? given, int steps)
    {
        var seed = given ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var log = await SpecLog.OpenAsync();
        await using var running = RunningProjections.Start(log, options: RunningProjections.Brisk with { BatchPositionsMax = random.Next(1, 60) });
        var world = new CycleWorld(new CycleLog(log), random);
        for (var step = 0; step < steps; step++)
            await world.StepAsync();
        output.WriteLine($"{await log.HeadAsync()} events");

        await log.UntilCaughtUpAsync();

        var rows = await CycleBooks.RowsAsync(log);
        ShouldBeSame(rows, await CycleBooks.OfAsync(log, await log.HeadAsync()), seed);
        await ClosedShouldBeAsTheyWereClosedAsync(log, rows, seed);
        ShouldBeSame(await BucketBooks.RowsAsync(log), await BucketBooks.OfAsync(log), seed);
        foreach (var batch in new[] { random.Next(5, 100), 100_000 })
        {
            var outcome = await new ProjectionRebuild(log.Database, new ProjectionOptions { RebuildPositionsMax = batch }).RunAsync(new CycleAggregates(), true, null, default);
            outcome.Differences.ShouldBe(0, $"seed {seed}, batches of {batch}\n{string.Join('\n', outcome.Examples)}");
        }
    }
    /// <summary>The position that a close names gives the lines that the cycle has for ever.</summary>
    private static async Task ClosedShouldBeAsTheyWereClosedAsync(SpecLog log, List<string> rows, int seed)
    {
        var head = await log.HeadAsync();
        foreach (var client in CycleWorld.Clients.OfType<string>())
        {
            foreach (var (start, closed) in (await CycleBooks.RegistrationAsync(log, client, head)).Closed)
            {
                var prefix = CycleBooks.Prefix(client, start);
                var then = await CycleBooks.OfAsync(log, closed.AsOfPosition);
                ShouldBeSame([.. rows.Where(row => row.StartsWith(prefix, StringComparison.Ordinal))], [.. then.Where(row => row.StartsWith(prefix, StringComparison.Ordinal))], seed);
            }
        }
    }

    private static void ShouldBeSame(List<string> live, List<string> expected, int seed)
    {
        live.Except(expected).ShouldBeEmpty($"booked by SQL alone, seed {seed}");
        expected.Except(live).ShouldBeEmpty($"not booked by SQL, seed {seed}");
        live.Count.ShouldBe(expected.Count);
    }
}
