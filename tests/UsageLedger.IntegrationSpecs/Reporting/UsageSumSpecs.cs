using NodaTime;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Proof;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Recording;
using UsageLedger.Reporting;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Reporting;

/// <summary>Whatever is asked, the rows are the sums that plain counting gives, in one page or in many.</summary>
public sealed class UsageSumSpecs
{
    private const int RecordsCount = 400;
    private const int QueriesCount = 120;
    private const int PagedEvery = 4;
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Europe/London", "America/New_York", "Pacific/Auckland"];
    private static readonly Instant Start = At("2026-10-23T00:00:00Z");

    [Fact]
    public async Task Rows_are_the_sums_of_the_records_in_their_windows()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var books = await OpenAsync("2026-10-28T00:00:00Z");
        var records = Enumerable.Range(0, RecordsCount).Select(number => Record(random, number)).ToArray();
        await books.RecordAsync(records);
        for (var revision = 0; revision < RecordsCount / 4; revision++)
        {
            var number = random.Next(RecordsCount);
            records[number] = Record(random, number);
            await books.ReviseAsync(records[number]);
        }

        for (var asked = 0; asked < QueriesCount; asked++)
        {
            var query = Query(random);
            var rows = (await books.AnswerAsync(query)).Page.ShouldNotBeNull().Rows;

            UsageReports.Told(rows).ShouldBe(Counted(records, query), $"seed {seed}, {query}");
            if (asked % PagedEvery == 0)
            {
                UsageReports.Told(await ByPagesAsync(books, query, 1 + (rows.Count / random.Next(2, 9)))).ShouldBe(Counted(records, query), $"seed {seed}, by pages, {query}");
            }
        }
    }

    private static async Task<List<UsageRow>> ByPagesAsync(Books books, ReadUsage query, int limit)
    {
        var rows = new List<UsageRow>();
        UsagePlace? after = null;
        do
        {
            var page = (await books.AnswerAsync(query with { After = after, Limit = limit })).Page.ShouldNotBeNull();
            page.Rows.Count.ShouldBeLessThanOrEqualTo(limit);
            rows.AddRange(page.Rows);
            rows.Count.ShouldBeLessThanOrEqualTo(ReadUsage.RowsMax);
            after = page.Next;
        }
        while (after is not null);
        return rows;
    }

    private static UsageRecord Record(Random random, int number) =>
        Usage($"{number}", Rfc3339.Format(Moment(random)), random.Next(1, 1000) / 8m, random.Next(5) == 0 ? null : random.Next(1000) / 1000m, Pick<string?>(random, "contoso", "fabrikam", null)) with
        {
            Provider = Pick(random, "retell", "Twilio"),
            Metric = Pick(random, "call", "sms"),
            AgentId = Pick<string?>(random, null, "a", "b"),
            ResourceId = Pick<string?>(random, null, "r"),
        };

    /// <summary>Within four days around Europe's change of clocks; often on a quarter hour, or just beside it.</summary>
    private static Instant Moment(Random random) =>
        Start + Duration.FromMinutes(15 * random.Next(4 * 24 * 4)) + (random.Next(4) switch
        {
            0 => Duration.Zero,
            1 => -Duration.FromTicks(10),
            _ => Duration.FromTicks(10L * random.Next(900_000_000)),
        });

    private static Instant Hour(Random random) => Start + Duration.FromHours(random.Next(-12, 5 * 24));

    private static ReadUsage Query(Random random)
    {
        var (one, other) = random.Next(2) == 0 ? (Moment(random), Moment(random)) : (Hour(random), Hour(random));
        LocalWindows? windows = random.Next(4) == 0 ? null
            : new LocalWindows(DateTimeZoneProviders.Tzdb[Pick(random, Zones)], Pick(random, WindowSize.Hour, WindowSize.Day, WindowSize.Month));
        return new ReadUsage(
            Tenant, Pick<string?>(random, "contoso", "fabrikam", null), Instant.Min(one, other), Instant.Max(one, other) + (one == other ? Duration.FromHours(1) : Duration.Zero), windows,
            new UsageGroups(random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0),
            new UsageFilter(Pick<string?>(random, null, null, "retell"), Pick<string?>(random, null, null, "sms"), Pick<string?>(random, null, null, "a")),
            null, ReadUsage.RowsMax);
    }

    private static string Counted(IEnumerable<UsageRecord> records, ReadUsage query) => UsageReports.Told(records
        .Where(record => (query.ClientId is null || record.ClientId == query.ClientId) && query.From <= record.OccurredAt && record.OccurredAt < query.To
            && Passes(query.Filter.Provider, record.Provider) && Passes(query.Filter.Metric, record.Metric) && Passes(query.Filter.AgentId, record.AgentId))
        .GroupBy(record => (
            Window: query.Windows?.At(record.OccurredAt) ?? new LocalWindow(query.From, query.To),
            Provider: query.Groups.Provider ? record.Provider : null,
            Metric: query.Groups.Metric ? record.Metric : null,
            AgentId: query.Groups.AgentId ? record.AgentId : null,
            ResourceId: query.Groups.ResourceId ? record.ResourceId : null))
        .OrderBy(group => group.Key.Window.Start)
        .ThenBy(group => group.Key.Provider, StringComparer.Ordinal).ThenBy(group => group.Key.Metric, StringComparer.Ordinal)
        .ThenBy(group => group.Key.AgentId, StringComparer.Ordinal).ThenBy(group => group.Key.ResourceId, StringComparer.Ordinal)
        .Select(group => new UsageRow(
            query.Groups, group.Key.Window, group.Key.Provider, group.Key.Metric, group.Key.AgentId, group.Key.ResourceId,
            query.Groups.Metric ? "minute" : null,
            query.Groups.Metric ? ExactDecimal.ToText(group.Sum(record => record.Quantity)) : null,
            ExactDecimal.ToText(group.Sum(record => record.Cost ?? 0)), "USD", group.Count())));

    private static bool Passes(string? only, string? value) => only is null || only == value;

    private static T Pick<T>(Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
