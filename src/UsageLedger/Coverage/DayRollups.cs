using NodaTime;
using NodaTime.Text;
using Npgsql;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Coverage;

/// <summary>When a UTC day was complete.</summary>
/// <param name="Deadline">01:00 of the next day.</param>
/// <param name="CompleteAt">When all of its usage was collected and in the read models; null: not yet, or nothing was ever measured.</param>
/// <param name="CollectedAt">When the last source was collected beyond the day.</param>
/// <param name="Late">It was, or is, after the deadline.</param>
/// <param name="WaitsFor">Sources that are not collected beyond the day yet; of a late day that is complete the one that came last.</param>
public sealed record DayRollup(LocalDate Day, Instant Deadline, Instant? CompleteAt, Instant? CollectedAt, bool Late, IReadOnlyList<string> WaitsFor);

/// <summary>Reads when days were complete: what was measured is in the log, what is open is seen by the sources' cursors.</summary>
public sealed class DayRollups(LogReader log, NpgsqlDataSource database)
{
    public const int DaysMax = 366;

    private const int DaysDefault = 30;

    /// <summary>Sources of all tenants with what each has been collected to, and when that run ended.</summary>
    private const string SelectSources = """
        select s.tenant_id, s.source_id, s.since_at, c.cursor_at, c.last_completed_at
        from read.captured_sources s
        left join read.collection_cursors c on c.tenant_id = s.tenant_id and c.source_id = s.source_id
        where $1 = '' or s.tenant_id = $1
        order by s.tenant_id, s.source_id
        """;

    private static readonly Duration DeadlineAfter = Duration.FromHours(1);

    private readonly LatestEvents<DayRolledUp> measured = new(
        log, EventTypes.DayRolledUp, stored => DayRolledUp.Read(stored) is var told ? (LocalDatePattern.Iso.Format(told.Day), told) : default);

    public static Instant DeadlineOf(LocalDate day) => CoverageRule.StartOf(day.PlusDays(1)) + DeadlineAfter;

    /// <summary>The days that are meant: up to yesterday, where none is named.</summary>
    public static (LocalDate From, LocalDate To) Span(LocalDate? from, LocalDate? to, Instant now)
    {
        var last = to ?? now.InUtc().Date.PlusDays(-1);
        return (from ?? last.PlusDays(1 - DaysDefault), last);
    }

    /// <summary>Newest first; a day that was never measured and that no source waits for is left out.</summary>
    public async Task<IReadOnlyList<DayRollup>> ReadAsync(string tenant, LocalDate from, LocalDate to, Instant now, CancellationToken ct)
    {
        var known = await measured.OfAsync(tenant, ct);
        var sources = await SourcesAsync(tenant, ct);
        var days = new List<DayRollup>();
        for (var day = to; day >= from; day = day.PlusDays(-1))
        {
            var (deadline, end) = (DeadlineOf(day), CoverageRule.StartOf(day.PlusDays(1)));
            if (known.GetValueOrDefault(LocalDatePattern.Iso.Format(day))?.Value is { } told)
            {
                var late = told.CompleteAt > deadline;
                days.Add(new DayRollup(day, deadline, told.CompleteAt, told.CollectedAt, late, late && told.LastSource is { } last ? [last] : []));
            }
            else if (end <= now && sources.Where(source => source.Since < end && !(source.Cursor >= end)).Select(source => source.SourceId).ToList() is { Count: > 0 } waits)
            {
                days.Add(new DayRollup(day, deadline, null, null, now > deadline, waits));
            }
        }

        return days;
    }

    internal async Task<IReadOnlySet<LocalDate>> MeasuredAsync(string tenant, CancellationToken ct) =>
        (await measured.OfAsync(tenant, ct)).Values.Select(told => told.Value.Day).ToHashSet();

    /// <param name="tenant">Empty: of all.</param>
    internal async Task<IReadOnlyList<SourceCursor>> SourcesAsync(string tenant, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectSources);
        select.Parameters.Add(new() { Value = tenant });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var sources = new List<SourceCursor>();
        while (await reader.ReadAsync(ct))
        {
            sources.Add(new SourceCursor(
                reader.GetString(0), reader.GetString(1), Instant.FromDateTimeUtc(reader.GetDateTime(2)),
                reader.IsDBNull(3) ? null : Instant.FromDateTimeUtc(reader.GetDateTime(3)),
                reader.IsDBNull(4) ? null : Instant.FromDateTimeUtc(reader.GetDateTime(4))));
        }

        return sources;
    }
}

/// <summary>How far a source has been collected.</summary>
internal sealed record SourceCursor(string Tenant, string SourceId, Instant Since, Instant? Cursor, Instant? LastCompletedAt);
