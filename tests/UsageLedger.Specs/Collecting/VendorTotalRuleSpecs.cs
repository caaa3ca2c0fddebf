using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.OpenRouter;
using UsageLedger.Collecting.Twilio;

namespace UsageLedger.Specs.Collecting;

/// <summary>A vendor's host may be anybody's: what it adds up is bounded in number, text and count before anything is made of it.</summary>
public sealed class VendorTotalRuleSpecs
{
    private const int OfDayMax = 10_000;
    private static readonly LocalDate Day = new(2026, 10, 3);

    [Fact]
    public async Task A_day_of_as_many_totals_as_may_be_is_read() =>
        (await TwilioAsync(Page(Enumerable.Range(0, OfDayMax).Select(at => Record($"sms-{at}"))))).Count.ShouldBe(OfDayMax);

    [Fact]
    public async Task A_day_of_more_totals_is_unreadable() =>
        await ShouldBeUnreadableAsync(TwilioAsync(Page(Enumerable.Range(0, OfDayMax + 1).Select(at => Record($"sms-{at}")))));

    [Fact]
    public async Task A_day_of_more_totals_is_unreadable_however_many_pages_they_fill() =>
        await ShouldBeUnreadableAsync(TwilioAsync(
            Page(Enumerable.Range(0, OfDayMax).Select(at => Record($"sms-{at}")), "/2010-04-01/next"), Page([Record("calls")])));

    [Fact]
    public async Task Totals_of_days_that_were_not_asked_for_are_unreadable() =>
        await ShouldBeUnreadableAsync(TwilioAsync(Page([Record("sms").Replace("2026-10-03", "2026-10-04", StringComparison.Ordinal)])));

    [Fact]
    public async Task Rows_of_an_activity_that_say_nothing_are_unreadable() =>
        await ShouldBeUnreadableAsync(ActivityAsync("{},{}"));

    [Fact]
    public async Task A_day_of_more_rows_of_activity_is_unreadable() =>
        await ShouldBeUnreadableAsync(ActivityAsync(string.Join(',', Enumerable.Range(0, OfDayMax + 1).Select(at => $$"""{"date":"2026-10-03","model":"m{{at}}"}"""))));

    [Theory]
    [InlineData("\"category\":\"sms\"", "\"category\":\"s\\u0000ms\"")]
    [InlineData("\"category\":\"sms\"", "\"category\":\"\\ud800\"")]
    [InlineData("\"category\":\"sms\"", "\"category\":\"\"")]
    [InlineData("\"usage_unit\":\"segments\"", "\"usage_unit\":\"\\u0000\"")]
    [InlineData("\"price_unit\":\"usd\"", "\"price_unit\":\"us\\u0000\"")]
    [InlineData("\"price_unit\":\"usd\"", "\"price_unit\":\"gold\"")]
    public async Task A_text_that_cannot_be_kept_is_unreadable(string told, string instead) =>
        await ShouldBeUnreadableAsync(TwilioAsync(Page([Record("sms").Replace(told, instead, StringComparison.Ordinal)])));

    [Theory]
    [InlineData("m\\u0000", "e")]
    [InlineData("m", "e\\u0000")]
    public async Task A_model_that_cannot_be_kept_is_unreadable(string model, string endpoint) =>
        await ShouldBeUnreadableAsync(ActivityAsync($$"""{"date":"2026-10-03","model":"{{model}}","endpoint_id":"{{endpoint}}","requests":1}"""));

    [Theory]
    [InlineData("1000000000000", 1_000_000_000_000)]
    [InlineData("9000000000000000000", null)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    public async Task A_count_that_no_account_has_is_none(string told, long? records)
    {
        (await TwilioAsync(Page([Record("sms", told)]))).ShouldHaveSingleItem().Records.ShouldBe(records);
        (await ActivityAsync($$"""{"date":"2026-10-03","model":"m","requests":{{told}} }""")).ShouldHaveSingleItem().Records.ShouldBe(records);
    }

    [Fact]
    public async Task Leaves_of_many_totals_are_found_without_holding_each_against_each()
    {
        var totals = Enumerable.Range(0, 200_000).Select(at => new VendorTotal(Day, Day, $"c{at / 2}{(at % 2 == 0 ? "" : "-x")}", 1, null, null, "USD")).ToList();

        var leaves = await Task.Run(() => TwilioTotals.Leaves(totals)).WaitAsync(TimeSpan.FromSeconds(20));

        leaves.Select(leaf => leaf.Category).ShouldBe(Enumerable.Range(0, 100_000).Select(at => $"c{at}-x"));
    }

    [Fact]
    public void A_category_is_part_of_another_of_its_own_day_alone()
    {
        VendorTotal Of(LocalDate day, string category) => new(day, day, category, 1, null, null, "USD");

        TwilioTotals.Leaves([Of(Day, "sms"), Of(Day, "sms-inbound"), Of(Day, "smsx"), Of(Day.PlusDays(1), "sms"), Of(Day, "calls-"), Of(Day, "calls")])
            .Select(leaf => $"{leaf.From.Day} {leaf.Category}").ShouldBe(["3 sms-inbound", "3 smsx", "4 sms", "3 calls-"]);
    }

    private static async Task<List<VendorTotal>> TwilioAsync(params string[] pages) =>
        await TwilioUsageRecords.ReadAsync(AnsweringVendor.Account("twilio", pages), Day, Day, null, default).ToListAsync();

    private static Task<IReadOnlyList<VendorTotal>> ActivityAsync(string rows) =>
        OpenRouterActivity.ReadAsync(AnsweringVendor.Account("openrouter", $$"""{"data":[{{rows}}]}"""), Day, null, default);

    private static async Task ShouldBeUnreadableAsync(Task read) =>
        (await Should.ThrowAsync<VendorException>(read)).Code.ShouldBe(VendorException.Unreadable);

    private static string Page(IEnumerable<string> records, string? next = null) =>
        $$"""{"usage_records":[{{string.Join(',', records)}}],"next_page_uri":{{(next is null ? "null" : $"\"{next}\"")}}}""";

    private static string Record(string category, string count = "3") =>
        $$"""{"category":"{{category}}","count":"{{count}}","usage":"3","usage_unit":"segments","price":"0.1","price_unit":"usd","start_date":"2026-10-03","end_date":"2026-10-03"}""";
}
