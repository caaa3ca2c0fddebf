using System.Globalization;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.OpenRouter;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Collecting;

/// <summary>What a run makes of OpenRouter's totals follows from when it asks, however early its window ends.</summary>
public sealed class MissingUsageSpecs
{
    private const string Key = "activity:2026-10-03:aaaa:m1:rest";

    private static readonly LocalDate Day = new(2026, 10, 3);
    private static readonly Instant DayEnd = Instant.FromUtc(2026, 10, 4, 0, 0);

    private static readonly string[] Answers =
    [
        Activity(generations: 4, cost: 0.9m), """{"data":[{"hash":"aaaa","name":"alpha"}]}""", Activity(generations: 4, cost: 0.9m),
    ];

    [Theory]
    [InlineData(2, "0")]
    [InlineData(3, "0.7")]
    [InlineData(20, "0.7")]
    public async Task Three_days_after_a_day_its_total_decides_a_cost_also_in_a_run_over_that_day_alone(int daysAfter, string cost)
    {
        var records = await AskAsync(DayEnd + Duration.FromDays(daysAfter));

        records.Single(record => record.IdempotencyKey == Key).Cost.ShouldBe(decimal.Parse(cost, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_remainder_that_cannot_be_made_is_told_with_its_reason_and_never_asked_for_by_name()
    {
        var model = new string('m', 245);
        var account = AnsweringVendor.Account("openrouter", [.. Answers.Select(answer => answer.Replace("\"m1\"", $"\"{model}\"", StringComparison.Ordinal))])
            with { Captured = (_, _) => Task.FromResult<IReadOnlyList<CapturedSum>>([]) };
        var collector = new OpenRouterCollector();

        var page = await collector.CollectAsync(account, new CollectionWindow(DayEnd - Duration.FromDays(1), DayEnd, null) { AskedAt = DayEnd + Duration.FromDays(3) }, default).SingleAsync();

        var rejected = page.Rejected.ShouldHaveSingleItem();
        rejected.Reason.ShouldStartWith("its idempotencyKey ");
        (collector.CanFetch(rejected.NativeId), collector.CanFetch("gen-1")).ShouldBe((false, true));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "2026-10-03")]
    [InlineData(2, "2026-10-03 2026-10-03")]
    [InlineData(30, "2026-10-03 2026-10-03")]
    [InlineData(31, "2026-10-04")]
    [InlineData(32, "")]
    public async Task The_first_day_of_which_it_tells_and_that_is_looked_at_is_told(int daysAfter, string pagesTellSince)
    {
        var both = Activity(4, 0.9m).Replace("]}", $",{Activity(4, 0.9m, Day.PlusDays(1))[9..]}", StringComparison.Ordinal);
        var account = AnsweringVendor.Account("openrouter", [both, Answers[1], both, both]) with { Captured = (_, _) => Task.FromResult<IReadOnlyList<CapturedSum>>([]) };
        var to = (Day.PlusDays(daysAfter) + new LocalTime(12, 0)).InUtc().ToInstant();
        var window = new CollectionWindow(DayEnd - Duration.FromDays(40), to, null);
        var pages = await new OpenRouterCollector().CollectAsync(account, window, default).ToListAsync();

        string.Join(' ', pages.Select(page => page.ToldSince!.Value.InUtc().Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture))).ShouldBe(pagesTellSince);
    }

    private static async Task<List<UsageRecord>> AskAsync(Instant askedAt)
    {
        // Of four generations one was told with its cost, one without, which it never gets, and one is booked.
        CapturedSum[] held =
        [
            new("alpha", "m1", "llm.generation", null, 2, 0.2m, 0, 1),
            new("alpha", "m1", "llm.generation", Key, 1, 0.6m, 0, 0),
        ];
        var account = AnsweringVendor.Account("openrouter", Answers) with { Captured = (_, _) => Task.FromResult<IReadOnlyList<CapturedSum>>(held) };
        var window = new CollectionWindow(DayEnd - Duration.FromDays(1), DayEnd, null) { AskedAt = askedAt };
        var pages = await new OpenRouterCollector().CollectAsync(account, window, CancellationToken.None).ToListAsync();
        return [.. pages.SelectMany(page => page.Records)];
    }

    private static string Activity(int generations, decimal cost, LocalDate? day = null) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"data":[{"date":"{{day ?? Day:uuuu-MM-dd}}","model":"m1","model_permaslug":"m1","endpoint_id":"e1","usage":{{cost}},"byok_usage_inference":0,
        "requests":{{generations}},"prompt_tokens":0,"completion_tokens":0,"reasoning_tokens":0}]}
        """);
}
