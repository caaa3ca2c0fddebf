using NodaTime;
using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Coverage;

/// <summary>Runs tell repeats by UTC days, and cycles are cut anywhere.</summary>
public sealed class RepeatsByNoonSpecs
{
    /// <summary>Each day has a number of repeats of its own, so that a sum names its days.</summary>
    private const string Plant = """
        insert into read.captured_clients (tenant_id, client_id, source, day, records, duplicates)
        select 'acme', 'contoso', 'voice', date '2026-10-01' + n, 1, 1 << n from generate_series(0, 9) n
        """;

    [Fact]
    public async Task A_days_repeats_are_the_cycles_that_has_its_noon()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.DoAsync(Plant);
        var first = Instant.FromUtc(2026, 10, 1, 0, 0);
        foreach (var cut in new[] { -14, -12, -11, 0, 11, 12, 13, 14 }.SelectMany(hours => new[] { -1, 0, 1 }.Select(ticks => Duration.FromHours(hours) + Duration.FromTicks(10 * ticks))))
        {
            var (start, end) = (first + Duration.FromDays(3) + cut, first + Duration.FromDays(7) + cut);
            var expected = Enumerable.Range(0, 10).Where(day => first + Duration.FromDays(day) + Duration.FromHours(12) is var noon && start <= noon && noon < end).Sum(day => 1L << day);

            (await DuplicatesAsync(log, new Cycle(new CycleId(new LocalDate(2026, 10, 4)), start, end))).ShouldBe(expected, $"from {start} to {end}");
        }
    }

    private static async Task<long> DuplicatesAsync(SpecLog log, Cycle cycle)
    {
        await using var batch = log.Database.CreateBatch();
        QualityReads.Ask(batch.BatchCommands, "acme", "contoso", cycle);
        await using var reader = await batch.ExecuteReaderAsync();
        return (await QualityReads.TakeAsync(reader, cycle, new CycleQuality(0, 0, 0, 0, 0, 0, 0, null), default)).Duplicates;
    }
}
