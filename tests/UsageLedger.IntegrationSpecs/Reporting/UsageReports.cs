using NodaTime;
using UsageLedger.Cycles.Calendar;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Reporting;

/// <summary>Asks for usage in few words, and tells it in fewer.</summary>
internal static class UsageReports
{
    public static readonly UsageGroups Apart = new(Provider: false, Metric: true, AgentId: false, ResourceId: false);

    public static ReadUsage Ask(string from, string to, WindowSize? size = null, string zone = "UTC", UsageGroups? groups = null) => new(
        Books.Tenant, "contoso", Books.At(from), Books.At(to),
        size is { } window ? new LocalWindows(DateTimeZoneProviders.Tzdb[zone], window) : null,
        groups ?? Apart, new UsageFilter(null, null, null), null, ReadUsage.RowsMax);

    public static async Task<UsageAnswer> AnswerAsync(this Books books, ReadUsage query)
    {
        await books.ArriveAsync();
        return await ReadUsageHandler.Handle(query, books.Log.Database, default);
    }

    public static async Task<string> UsageAsync(this Books books, ReadUsage query) =>
        Told((await books.AnswerAsync(query)).Page.ShouldNotBeNull().Rows);

    /// <summary>A row a line: its window, what it is told apart by, quantity, unit, cost, currency, records.</summary>
    public static string Told(IEnumerable<UsageRow> rows) => string.Join('\n', rows.Select(row => string.Join(' ',
    [
        $"{row.Window.Start}/{row.Window.End}",
        .. Group(row.Groups.Provider, row.Provider), .. Group(row.Groups.Metric, row.Metric),
        .. Group(row.Groups.AgentId, row.AgentId), .. Group(row.Groups.ResourceId, row.ResourceId),
        row.Quantity ?? "null", row.Unit ?? "null", row.Cost, row.Currency, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"x{row.Records}"),
    ])));

    private static IEnumerable<string> Group(bool told, string? value) => told ? [value ?? "-"] : [];
}
