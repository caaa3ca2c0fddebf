using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reporting;

namespace UsageLedger.Anomalies;

/// <summary>Judges the hours of a tenant that are over and were not judged yet, as many as one turn takes.</summary>
public sealed record EvaluateHours(string Tenant);

/// <summary>What became of a turn.</summary>
/// <param name="Told">The hours that were judged; null: there were none, or another process judged them, or the read models lag.</param>
/// <param name="IsDone">Whether nothing more is due until another hour is over.</param>
/// <param name="IsBehind">Whether the read models did not come to the end of the log in time.</param>
public sealed record EvaluationOutcome(AnomaliesEvaluated? Told, bool IsDone, bool IsBehind = false);

/// <summary>Handles <see cref="EvaluateHours"/>.</summary>
/// <remarks>
/// Whatever a turn finds enters the log together with the word that its hours are judged, if nobody judged them meanwhile: so hosts need not agree
/// who judges, and whoever dies has judged nothing.
/// </remarks>
public static class EvaluateHoursHandler
{
    /// <summary>How long usage may be on its way before its hour is judged.</summary>
    public static readonly Duration Settles = Duration.FromHours(2);

    /// <summary>Hours further back than this are judged no more; so far back the first turn of a tenant begins.</summary>
    public static readonly Duration BackMax = Duration.FromDays(28);

    /// <summary>Hours of one turn.</summary>
    public const int HoursMax = 168;

    /// <summary>Events of one turn. What a single hour has beyond them is found in the next hour.</summary>
    private const int EventsMax = 10_000;

    private static readonly string[] Projections = [UsageBuckets.ProjectionName, AnomalyRows.ProjectionName];

    public static async Task<EvaluationOutcome> Handle(
        EvaluateHours command, LogAppender log, LogReader reader, ReadModels models, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        var place = await EvaluationPlace.OfAsync(database, command.Tenant, ct);
        if (Due(place.To, clock.GetCurrentInstant()) is not { } due)
        {
            return new EvaluationOutcome(null, true);
        }

        if (!await models.WaitForAsync(await reader.HeadAsync(ct), Projections, ct))
        {
            return new EvaluationOutcome(null, false, IsBehind: true);
        }

        var turn = due.Count > HoursMax ? due with { To = due.From + Duration.FromHours(HoursMax) } : due;
        await using var snapshot = await AnomalySnapshot.OpenAsync(database, ct);
        var judged = await JudgeAsync(snapshot, database, command.Tenant, turn, ct);
        while ((judged.Events.Count > EventsMax || judged.Skipped > 0) && turn.Count > 1)
        {
            turn = turn.FirstHalf();
            judged = await JudgeAsync(snapshot, database, command.Tenant, turn, ct);
        }

        if (judged.IsEmpty)
        {
            return new EvaluationOutcome(null, true);
        }

        var told = Told(turn, snapshot.Position, judged);
        return await AppendAsync(command.Tenant, place, told, judged, log, ct)
            ? new EvaluationOutcome(told, turn.To == due.To)
            : new EvaluationOutcome(null, false);
    }

    /// <summary>The hours that are due; null when none are.</summary>
    public static JudgedHours? Due(Instant? judgedTo, Instant now)
    {
        var end = HoursOfWeek.Start(HoursOfWeek.Number(now - Settles));
        var begin = Instant.Max(judgedTo ?? Instant.MinValue, end - BackMax);
        return begin < end ? new JudgedHours(begin, end) : null;
    }

    /// <summary>The events of a turn, and the word that it was.</summary>
    internal static AnomaliesEvaluated Told(JudgedHours turn, long position, Judged judged)
    {
        var events = judged.Events.Take(EventsMax).ToList();
        var opened = events.Count(one => one.Type == EventTypes.AnomalyOpened);
        return new AnomaliesEvaluated(
            turn.From, turn.To, position, opened, events.Count - opened, judged.Skipped, AnomaliesEvaluated.RulesNow, DateTimeZoneProviders.Tzdb.VersionId);
    }

    internal static IEnumerable<NewEvent> Events(Judged judged) => judged.Events.Take(EventsMax);

    private static Task<Judged> JudgeAsync(AnomalySnapshot snapshot, NpgsqlDataSource database, string tenant, JudgedHours turn, CancellationToken ct) =>
        new HourJudge(snapshot.Connection, database, tenant, snapshot.Position).JudgeAsync(turn, ct);

    private static async Task<bool> AppendAsync(
        string tenant, EvaluationPlace place, AnomaliesEvaluated told, Judged judged, LogAppender log, CancellationToken ct)
    {
        var items = Events(judged).Append(told.ToEvent(tenant)).Select(one => new AppendItem(one.Id, one));
        var expected = new ExpectedVersion(StreamNames.AnomalyHours, place.Version);
        var outcome = await log.AppendAsync(new AppendRequest(tenant, $"anomalies:{AnomalyEvents.Text(place.Version + 1)}", [.. items], [expected]), ct);
        return !outcome.VersionConflict;
    }
}
