using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Anomalies;

/// <summary>What judging some hours of a tenant came to.</summary>
/// <param name="Events">What is told of it, in order, without the word that the hours were judged.</param>
/// <param name="IsEmpty">Whether there was nothing to judge.</param>
public sealed record Judged(IReadOnlyList<NewEvent> Events, int Skipped, bool IsEmpty);

/// <summary>
/// Judges hours of a tenant by the rows of <c>usage_buckets</c>, <c>late_usage</c> and <c>anomalies</c> that come first on the connection's search
/// path: the live ones, or those that a check has made anew as they were at the position.
/// </summary>
internal sealed class HourJudge(NpgsqlConnection connection, NpgsqlDataSource database, string tenant, long position)
{
    private readonly List<(Instant Hour, AnomalyLine Line, string Kind, NewEvent Event)> told = [];
    private ILookup<AnomalyLine, OpenAnomaly> open = null!;
    private int skipped;
    private int lines;

    public async Task<Judged> JudgeAsync(JudgedHours hours, CancellationToken ct)
    {
        open = (await OpenAnomalies.OfAsync(connection, tenant, ct)).ToLookup(one => one.Line);
        foreach (var client in await WatchedClients(ct))
        {
            if (await ClientHours.OfAsync(connection, tenant, client.Id, hours, ct) is { } known)
            {
                Judge(known, hours, client.Zone, client.FirstRecordedAt, line => line.ClientId == client.Id);
            }
            else
            {
                skipped++;
            }
        }

        var sources = await SourceHours.OfAsync(connection, database, tenant, hours, position, ct);
        Judge(sources, hours, DateTimeZone.Utc, Instant.MinValue, line => line.SourceId is not null);
        var events = told.OrderBy(one => one.Hour).ThenBy(one => one.Line, AnomalyLine.Order).ThenBy(one => one.Kind, StringComparer.Ordinal).Select(one => one.Event);
        return new Judged([.. events], skipped, lines == 0 && open.Count == 0);
    }

    private Task<IReadOnlyList<WatchedClient>> WatchedClients(CancellationToken ct) => WatchedClient.OfAsync(connection, tenant, position, ct);

    /// <summary>A line of which nothing is known any more may still have something open.</summary>
    private void Judge(
        SortedDictionary<AnomalyLine, LineHours> known, JudgedHours hours, DateTimeZone zone, Instant firstRecordedAt, Func<AnomalyLine, bool> isOfThese)
    {
        foreach (var line in open.Select(one => one.Key).Where(line => isOfThese(line) && !known.ContainsKey(line)).ToList())
        {
            known.Add(line, new LineHours());
        }

        lines += known.Count;
        var weeks = hours.All.Select(hour => HoursOfWeek.Of(hour, zone)).ToList();
        foreach (var (line, sums) in known)
        {
            Judge(line, sums, weeks, firstRecordedAt);
        }
    }

    private void Judge(AnomalyLine line, LineHours sums, List<HoursOfWeek> weeks, Instant firstRecordedAt)
    {
        var current = open[line].ToList();
        foreach (var week in weeks)
        {
            var isWatched = week.Hour - firstRecordedAt >= Duration.FromDays(7 * LineJudge.WeeksMin);
            foreach (var change in LineJudge.Judge(LineWindow.Of(sums, week, isWatched), line.SourceId is not null, [.. current], week.Hour))
            {
                if (change.Found is { } found)
                {
                    var opened = AnomalyEvents.Opened(tenant, line, found, week.Hour, position);
                    current.Add(new OpenAnomaly(opened.Id, line, found.Kind, week.Hour, found.IsQuiet));
                    told.Add((week.Hour, line, found.Kind, opened));
                }
                else if (change.Over is { } over)
                {
                    current.Remove(over);
                    told.Add((week.Hour, line, over.Kind, AnomalyEvents.Resolved(tenant, over, week.Hour, change.HasLasted, position)));
                }
            }
        }
    }
}
