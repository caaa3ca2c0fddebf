using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reporting;

namespace UsageLedger.Anomalies;

/// <summary>Judges every judged hour of a tenant again, from the log alone as it was at the time, and compares what was told.</summary>
public sealed record VerifyAnomalies(string Tenant);

/// <summary>What judging again came to.</summary>
/// <param name="Turns">Turns that were judged again.</param>
/// <param name="Passed">Turns that other rules or another time zone database judged, which cannot be compared.</param>
/// <param name="Events">Anomalies opened and resolved that were told as they are found again.</param>
/// <param name="Differences">What was told and is not found again, or is found and was not told.</param>
/// <param name="Examples">The first of them.</param>
public sealed record AnomalyCheck(int Turns, int Passed, long Events, long Differences, IReadOnlyList<string> Examples);

/// <summary>Handles <see cref="VerifyAnomalies"/>.</summary>
public static class VerifyAnomaliesHandler
{
    private const int ExamplesMax = 100;

    /// <summary>Twins of the read models, gone when it is done: the projections and the judge work on them as on the live ones.</summary>
    private const string Begin = "select ledger.begin_replay($1)";

    private static readonly UsageBuckets Buckets = new();
    private static readonly AnomalyRows Rows = new();

    private static readonly string[] Types =
        [EventTypes.AnomaliesEvaluated, EventTypes.AnomalyOpened, EventTypes.AnomalyResolved, EventTypes.AnomalyAcknowledged];

    public static async Task<AnomalyCheck> Handle(
        VerifyAnomalies command, LogReader reader, NpgsqlDataSource database, IProgress<long>? progress, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var begin = new NpgsqlCommand(Begin, connection) { Parameters = { new() { Value = Buckets.Tables.Concat(Rows.Tables).ToArray() } } })
        {
            await begin.ExecuteNonQueryAsync(ct);
        }

        var (check, told, position) = (new AnomalyCheck(0, 0, 0, 0, []), new List<StoredEvent>(), 0L);
        await foreach (var stored in reader.TypesAsync(Types, 0, await reader.HeadAsync(ct), ct).Where(stored => stored.Tenant == command.Tenant))
        {
            if (stored.Type != EventTypes.AnomaliesEvaluated)
            {
                told.Add(stored);
                continue;
            }

            var turn = AnomaliesEvaluated.Read(stored.Data);
            await Buckets.AdvanceAsync(connection, position, turn.Position, ct);
            position = turn.Position;
            check = await CheckAsync(check, connection, database, command.Tenant, turn, told, ct);
            told.Clear();
            progress?.Report(position);
        }

        return check;
    }

    private static async Task<AnomalyCheck> CheckAsync(
        AnomalyCheck check, NpgsqlConnection connection, NpgsqlDataSource database, string tenant, AnomaliesEvaluated turn, List<StoredEvent> told, CancellationToken ct)
    {
        if (turn.Rules == AnomaliesEvaluated.RulesNow && turn.TimeZones == NodaTime.DateTimeZoneProviders.Tzdb.VersionId)
        {
            var judged = await new HourJudge(connection, database, tenant, turn.Position).JudgeAsync(new JudgedHours(turn.From, turn.To), ct);
            check = Compare(check, turn, EvaluateHoursHandler.Events(judged).Select(one => $"{one.Id} {one.Type} {one.Data}"), told);
        }
        else
        {
            check = check with { Passed = check.Passed + 1 };
        }

        foreach (var stored in told)
        {
            await Rows.FoldAsync(connection, stored, ct);
        }

        return check;
    }

    private static AnomalyCheck Compare(AnomalyCheck check, AnomaliesEvaluated turn, IEnumerable<string> found, List<StoredEvent> told)
    {
        var again = found.ToHashSet(StringComparer.Ordinal);
        var before = told.Where(one => one.Type != EventTypes.AnomalyAcknowledged).Select(one => $"{one.Id} {one.Type} {one.Data}").ToHashSet(StringComparer.Ordinal);
        var differing = again.Except(before).Select(one => $"{turn.From}: not told: {one}")
            .Concat(before.Except(again).Select(one => $"{turn.From}: not found again: {one}")).ToList();
        return check with
        {
            Turns = check.Turns + 1,
            Events = check.Events + again.Count(before.Contains),
            Differences = check.Differences + differing.Count,
            Examples = [.. check.Examples, .. differing.Take(ExamplesMax - check.Examples.Count)],
        };
    }
}
