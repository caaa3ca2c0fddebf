using NodaTime;
using UsageLedger.Answering;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Recording;

namespace UsageLedger.Reporting;

/// <summary>Reads the parameters of <c>GET /v1/usage</c>.</summary>
internal static class UsageQueryReader
{
    private const int CursorValues = 7;
    private const int GroupsMax = 16;
    private static readonly string[] GroupWords = ["provider", "metric", "agentId", "resourceId"];

    /// <summary>Null only if the fields have a problem.</summary>
    public static ReadUsage? Read(QueryFields fields, string tenant)
    {
        var (from, to) = (Required(fields, "from"), Required(fields, "to"));
        if (from >= to)
        {
            fields.Refuse("from", "not_before_to", "must be before to");
        }

        var windows = Windows(fields);
        var groups = Groups(fields);
        var filter = new UsageFilter(fields.Text("provider"), fields.Text("metric"), fields.Text("agentId"));
        var after = After(fields);
        var (client, limit) = (fields.Text("clientId"), fields.Limit(ReadUsage.RowsMax, ReadUsage.RowsMax));
        return from is null || to is null
            ? null
            : new ReadUsage(tenant, client, from.Value, to.Value, windows, groups, filter, after, limit);
    }

    public static string CursorOf(UsagePlace place) => Cursor.Of(
        InstantTicks.Write(place.WindowStart), place.Provider, place.Metric, place.AgentId, place.ResourceId, place.Unit, place.Currency);

    private static UsagePlace? After(QueryFields fields)
    {
        if (fields.Cursor(CursorValues) is not { } values)
        {
            return null;
        }

        if (InstantTicks.Read(values[0]) is { } start)
        {
            return new UsagePlace(start, values[1], values[2], values[3], values[4], values[5], values[6]);
        }

        fields.RefuseCursor();
        return null;
    }

    private static Instant? Required(QueryFields fields, string name)
    {
        if (fields.Text(name) is null)
        {
            fields.Refuse(name, Refusals.MissingMember, "is missing; give an instant such as 2026-10-01T00:00:00Z");
            return null;
        }

        return fields.Instant(name);
    }

    private static LocalWindows? Windows(QueryFields fields)
    {
        var zone = CalendarRefusal.ZoneOrNull(fields.Text("timeZone") ?? CycleRule.Default.Zone.Id);
        if (zone is null)
        {
            fields.Refuse("timeZone", "unknown_time_zone", "must be an IANA time zone, such as Europe/Berlin");
        }

        WindowSize? size = fields.OneOf("window", "hour", "day", "month") switch
        {
            "hour" => WindowSize.Hour,
            "day" => WindowSize.Day,
            "month" => WindowSize.Month,
            _ => null,
        };
        return zone is null || size is null ? null : new LocalWindows(zone, size.Value);
    }

    private static UsageGroups Groups(QueryFields fields)
    {
        var words = fields.Texts("groupBy", GroupsMax);
        if (words.Except(GroupWords).Any())
        {
            fields.Refuse("groupBy", "unknown_word", $"takes {string.Join(", ", GroupWords)}");
        }

        return new UsageGroups(words.Contains("provider"), words.Contains("metric"), words.Contains("agentId"), words.Contains("resourceId"));
    }
}
