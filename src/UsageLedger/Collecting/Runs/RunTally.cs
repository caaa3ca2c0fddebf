using System.Globalization;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Runs;

/// <summary>What a run saw: how many of each hour's records the vendor listed, and which clients' records of which days were known already.</summary>
/// <param name="Hours">By hours since 1970, in digits.</param>
/// <param name="Repeats">By UTC day and client, as <c>2026-10-01 contoso</c>.</param>
public sealed record RunTally(IReadOnlyDictionary<string, long> Hours, IReadOnlyDictionary<string, long> Repeats)
{
    /// <summary>The run's event must stay small; what is beyond is counted in its sums alone.</summary>
    public const int HoursMax = 2_400;

    public const int RepeatsMax = 5_000;

    private const long SecondsPerHour = 3_600;
    private const int DayLength = 10;

    public static readonly RunTally None = new(new Dictionary<string, long>(), new Dictionary<string, long>());

    /// <param name="listed">One instant for each vendor record of a page.</param>
    /// <param name="repeated">Records that were known as they are.</param>
    public RunTally With(IEnumerable<Instant> listed, IEnumerable<UsageRecord> repeated) => new(
        Added(Hours, listed.Select(at => (at.ToUnixTimeSeconds() / SecondsPerHour).ToString(CultureInfo.InvariantCulture)), HoursMax),
        Added(Repeats, repeated.Where(record => record.ClientId is not null).Select(Place), RepeatsMax));

    /// <summary>What was listed is listed once more from the beginning.</summary>
    public RunTally ListedAnew() => this with { Hours = None.Hours };

    /// <summary>As the event of the run's end tells it; null for nothing.</summary>
    internal CanonicalJson? HoursJson() => Lines(Hours, (json, key, count) => json
        .Member("hour", Rfc3339.Format(Instant.FromUnixTimeSeconds(long.Parse(key, CultureInfo.InvariantCulture) * SecondsPerHour)))
        .Member("listed", count));

    /// <inheritdoc cref="HoursJson"/>
    internal CanonicalJson? RepeatsJson() => Lines(Repeats, (json, key, count) => json
        .Member("clientId", key.AsSpan(DayLength + 1))
        .Member("day", key.AsSpan(0, DayLength))
        .Member("duplicates", count));

    private static CanonicalJson? Lines(IReadOnlyDictionary<string, long> counts, Action<CanonicalJsonWriter, string, string> write)
    {
        if (counts.Count == 0)
        {
            return null;
        }

        var json = new CanonicalJsonWriter().StartArray();
        foreach (var (key, count) in counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.StartObject();
            write(json, key, count.ToString(CultureInfo.InvariantCulture));
            json.EndObject();
        }

        return json.EndArray().Take();
    }

    private static string Place(UsageRecord record) => $"{LocalDatePattern.Iso.Format(record.OccurredAt.InUtc().Date)} {record.ClientId}";

    private static IReadOnlyDictionary<string, long> Added(IReadOnlyDictionary<string, long> counts, IEnumerable<string> keys, int max)
    {
        Dictionary<string, long>? sum = null;
        foreach (var key in keys)
        {
            sum ??= new Dictionary<string, long>(counts, StringComparer.Ordinal);
            if (sum.TryGetValue(key, out var known) || sum.Count < max)
            {
                sum[key] = known + 1;
            }
        }

        return sum ?? counts;
    }
}
