using UsageLedger.Cycles.Calendar;
using UsageLedger.Reporting;
using static UsageLedger.IntegrationSpecs.Cycles.Books;
using static UsageLedger.IntegrationSpecs.Reporting.UsageReports;

namespace UsageLedger.IntegrationSpecs.Reporting;

public sealed class UsageWindowSpecs
{
    [Fact]
    public async Task Windows_are_whole_ones_of_the_zone_and_rows_hold_only_what_lies_between_from_and_to()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(
            Usage("1", "2026-10-01T18:14:59.999999Z", 1m), Usage("2", "2026-10-01T18:15:00Z", 2m), Usage("3", "2026-10-01T19:00:00Z", 4m));

        (await books.UsageAsync(Ask("2026-10-01T00:00:00Z", "2026-10-01T19:00:00Z", WindowSize.Day, "Asia/Kathmandu"))).ShouldBe("""
            2026-09-30T18:15:00Z/2026-10-01T18:15:00Z call 1 minute 0 USD x1
            2026-10-01T18:15:00Z/2026-10-02T18:15:00Z call 2 minute 0 USD x1
            """);
    }

    [Fact]
    public async Task An_hour_that_the_clock_shows_twice_is_two_rows()
    {
        await using var books = await OpenAsync("2026-10-26T12:00:00Z");
        await books.RecordAsync(Usage("1", "2026-10-25T00:30:00Z", 1m), Usage("2", "2026-10-25T01:30:00Z", 2m), Usage("3", "2026-10-25T02:30:00Z", 4m));

        (await books.UsageAsync(Ask("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", WindowSize.Hour, "Europe/Berlin"))).ShouldBe("""
            2026-10-25T00:00:00Z/2026-10-25T01:00:00Z call 1 minute 0 USD x1
            2026-10-25T01:00:00Z/2026-10-25T02:00:00Z call 2 minute 0 USD x1
            2026-10-25T02:00:00Z/2026-10-25T03:00:00Z call 4 minute 0 USD x1
            """);
        (await books.UsageAsync(Ask("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", WindowSize.Day, "Europe/Berlin")))
            .ShouldBe("2026-10-24T22:00:00Z/2026-10-25T23:00:00Z call 7 minute 0 USD x3");
    }

    [Fact]
    public async Task Clocks_that_move_by_half_an_hour_have_their_own_hours()
    {
        await using var books = await OpenAsync("2026-04-06T12:00:00Z");
        await books.RecordAsync(Usage("1", "2026-04-04T14:59:00Z", 1m), Usage("2", "2026-04-04T15:00:00Z", 2m), Usage("3", "2026-04-04T15:30:00Z", 4m));

        (await books.UsageAsync(Ask("2026-04-04T14:00:00Z", "2026-04-04T17:00:00Z", WindowSize.Hour, "Australia/Lord_Howe"))).ShouldBe("""
            2026-04-04T14:00:00Z/2026-04-04T15:00:00Z call 1 minute 0 USD x1
            2026-04-04T15:00:00Z/2026-04-04T15:30:00Z call 2 minute 0 USD x1
            2026-04-04T15:30:00Z/2026-04-04T16:30:00Z call 4 minute 0 USD x1
            """);
    }

    [Fact]
    public async Task From_and_to_cut_to_the_microsecond()
    {
        await using var books = await OpenAsync();
        var moved = Usage("moved", "2026-10-02T10:07:30Z", 1000m);
        var voided = Usage("voided", "2026-10-02T10:07:30Z", 1000m);
        await books.RecordAsync(
            moved, voided,
            Usage("1", "2026-10-02T10:05:59Z", 1m), Usage("2", "2026-10-02T10:07:00Z", 2m), Usage("4", "2026-10-02T10:14:59.999999Z", 4m),
            Usage("8", "2026-10-02T10:29:59.999999Z", 8m), Usage("16", "2026-10-02T10:39:59.999999Z", 16m));
        await books.ReviseAsync(moved with { ClientId = "fabrikam" });
        await books.VoidAsync(voided);

        foreach (var (from, to, ours, others) in new[]
        {
            ("10:07:00", "10:40:00", 2 + 4 + 8 + 16, 1000),
            ("10:07:00.000001", "10:40:00", 4 + 8 + 16, 1000),
            ("10:07:00", "10:39:59.999999", 2 + 4 + 8, 1000),
            ("10:07:00", "10:15:00", 2 + 4, 1000),
            ("10:00:00", "10:14:59.999999", 1 + 2, 1000),
            ("10:06:00", "10:07:30", 2, 0),
            ("10:15:00", "10:30:00", 8, 0),
        })
        {
            var ask = Ask($"2026-10-02T{from}Z", $"2026-10-02T{to}Z");
            (await books.UsageAsync(ask)).ShouldContain($" call {ours} minute ");
            (await books.UsageAsync(ask with { ClientId = null })).ShouldContain($" call {ours + others} minute ");
        }
    }

    [Fact]
    public async Task Parts_of_quarter_hours_are_told_however_long_ago_and_whatever_came_since()
    {
        await using var books = await OpenAsync("2026-10-01T10:20:00Z");
        var moved = Usage("moved", "2026-10-02T10:08:00Z", 1000m);
        await books.RecordAsync(Usage("a day early", "2026-10-02T10:08:00Z", 1m), Usage("outside", "2026-10-02T10:06:00Z", 500m), moved);
        for (var day = 3; day < 30; day++)
        {
            books.Now = At($"2026-10-{day:00}T10:20:00Z");
            await books.RecordAsync(Usage($"{day}", $"2026-10-{day:00}T10:08:00Z", 10_000m), Usage($"other {day}", $"2026-10-{day:00}T10:08:00Z", 50_000m, client: "fabrikam"));
        }

        await books.RecordAsync(Usage("a month late", "2026-10-02T10:09:00Z", 2m), Usage("late for others", "2026-10-02T10:09:00Z", 4m, client: "fabrikam"));
        await books.ReviseAsync(moved with { OccurredAt = At("2026-10-02T10:06:30Z") });
        var ask = Ask("2026-10-02T10:07:00Z", "2026-10-02T10:09:00.000001Z");

        (await books.UsageAsync(ask)).ShouldEndWith(" call 3 minute 0 USD x2");
        (await books.UsageAsync(ask with { ClientId = null })).ShouldEndWith(" call 7 minute 0 USD x3");
        (await books.UsageAsync(ask with { ClientId = "nobody" })).ShouldBe("");
        (await books.UsageAsync(ask with { To = At("2026-10-05T10:08:00Z") })).ShouldEndWith(" call 20003 minute 0 USD x4");
        (await books.AnswerAsync(ask with { PartsWithin = TimeSpan.Zero })).Refusal.ShouldBe(UsageRefusal.PartsTakeTooLong);
        (await books.AnswerAsync(Ask("2026-10-02T10:00:00Z", "2026-10-02T10:15:00Z") with { PartsWithin = TimeSpan.Zero })).Page.ShouldNotBeNull();
    }
}
