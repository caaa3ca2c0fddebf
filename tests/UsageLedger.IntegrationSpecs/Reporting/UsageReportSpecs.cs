using UsageLedger.Cycles.Calendar;
using UsageLedger.Reporting;
using static UsageLedger.IntegrationSpecs.Cycles.Books;
using static UsageLedger.IntegrationSpecs.Reporting.UsageReports;

namespace UsageLedger.IntegrationSpecs.Reporting;

public sealed class UsageReportSpecs
{
    private static readonly UsageGroups Nothing = new(false, false, false, false);

    [Fact]
    public async Task Without_windows_there_is_one_row_a_group()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(
            Usage("1", "2026-09-02T10:00:00Z", 1m, 1m),
            Usage("2", "2026-10-02T10:00:00Z", 2m, 2m) with { Unit = "call" },
            Usage("3", "2026-10-02T10:00:00Z", 4m, 4m) with { Currency = "EUR" },
            Usage("4", "2026-10-02T10:00:00Z", 8m, 8m));

        (await books.UsageAsync(Ask("2026-09-01T00:00:00Z", "2026-11-01T00:00:00Z"))).ShouldBe("""
            2026-09-01T00:00:00Z/2026-11-01T00:00:00Z call 2 call 2 USD x1
            2026-09-01T00:00:00Z/2026-11-01T00:00:00Z call 4 minute 4 EUR x1
            2026-09-01T00:00:00Z/2026-11-01T00:00:00Z call 9 minute 9 USD x2
            """);
    }

    [Fact]
    public async Task Where_metrics_are_not_told_apart_unit_and_quantity_are_null()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(
            Usage("1", "2026-10-02T10:00:00Z", 2m, 2m), Usage("2", "2026-10-02T10:00:00Z", 3m, 3m) with { Metric = "sms", Unit = "message" });

        (await books.UsageAsync(Ask("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", groups: Nothing)))
            .ShouldBe("2026-10-01T00:00:00Z/2026-11-01T00:00:00Z null null 5 USD x2");
    }

    [Fact]
    public async Task What_has_no_agent_or_resource_is_a_row_of_its_own_and_the_first()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(
            Usage("1", "2026-10-02T10:00:00Z", 1m, 1m) with { AgentId = "a", ResourceId = "r" },
            Usage("2", "2026-10-02T10:00:00Z", 2m, 2m) with { AgentId = "a" },
            Usage("3", "2026-10-02T10:00:00Z", 4m, 4m));

        (await books.UsageAsync(Ask("2026-10-02T10:00:00Z", "2026-10-02T11:00:00Z", groups: new(true, true, true, true)))).ShouldBe("""
            2026-10-02T10:00:00Z/2026-10-02T11:00:00Z retell call - - 4 minute 4 USD x1
            2026-10-02T10:00:00Z/2026-10-02T11:00:00Z retell call a - 2 minute 2 USD x1
            2026-10-02T10:00:00Z/2026-10-02T11:00:00Z retell call a r 1 minute 1 USD x1
            """);
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_counted()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(
            Usage("1", "2026-10-02T10:00:00Z", 1m) with { AgentId = "a" },
            Usage("2", "2026-10-02T10:00:00Z", 2m) with { Provider = "twilio" },
            Usage("3", "2026-10-02T10:00:00Z", 4m) with { Metric = "sms" });
        var ask = Ask("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z");

        (await books.UsageAsync(ask with { Filter = new("twilio", null, null) })).ShouldEndWith("call 2 minute 0 USD x1");
        (await books.UsageAsync(ask with { Filter = new(null, "sms", null) })).ShouldEndWith("sms 4 minute 0 USD x1");
        (await books.UsageAsync(ask with { Filter = new(null, null, "a") })).ShouldEndWith("call 1 minute 0 USD x1");
        (await books.UsageAsync(ask with { Filter = new("twilio", "sms", null) })).ShouldBe("");
    }

    [Fact]
    public async Task Without_client_it_is_the_whole_tenant_unattributed_usage_included_and_no_other_tenant()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(
            Usage("1", "2026-10-02T10:00:00Z", 1m, client: "a"), Usage("2", "2026-10-02T10:00:00Z", 2m, client: "b"),
            Usage("3", "2026-10-02T10:00:00Z", 4m, client: null), Usage("4", "2026-10-02T10:20:00Z", 8m, client: "c"));
        await books.RecordAsync(false, "other", Usage("1", "2026-10-02T10:00:00Z", 100m, client: "a"));
        var ask = Ask("2026-10-02T10:00:00Z", "2026-10-02T10:15:00Z") with { ClientId = null };

        (await books.UsageAsync(ask)).ShouldEndWith(" call 7 minute 0 USD x3");
        (await books.UsageAsync(ask with { To = At("2026-10-02T10:20:00.000001Z") })).ShouldEndWith(" call 15 minute 0 USD x4");
        (await books.UsageAsync(ask with { ClientId = "a" })).ShouldEndWith(" call 1 minute 0 USD x1");
        (await books.UsageAsync(ask with { ClientId = "theirs" })).ShouldBe("");
    }

    [Fact]
    public async Task Voided_usage_leaves_and_revised_usage_counts_once_where_it_is_now()
    {
        await using var books = await OpenAsync();
        var voided = Usage("1", "2026-10-02T10:00:00Z", 1m, 1m);
        await books.RecordAsync(voided, Usage("2", "2026-10-02T10:00:00Z", 2m, 2m));
        await books.VoidAsync(voided);
        await books.ReviseAsync(Usage("2", "2026-10-03T10:00:00Z", 3m, 3m));

        (await books.UsageAsync(Ask("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", WindowSize.Day)))
            .ShouldBe("2026-10-03T00:00:00Z/2026-10-04T00:00:00Z call 3 minute 3 USD x1");
    }

    [Fact]
    public async Task Adjustments_stand_where_the_usage_occurred()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-08-02T10:00:00Z", 1m));
        await books.CloseAsync("2026-08");
        await books.RecordAsync(Usage("2", "2026-08-02T10:00:00Z", 2m));

        (await books.UsageAsync(Ask("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", WindowSize.Month)))
            .ShouldBe("2026-08-01T00:00:00Z/2026-09-01T00:00:00Z call 3 minute 0 USD x2");
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repeat()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync([.. Enumerable.Range(0, 40).Select(number => Usage($"{number}", $"2026-10-0{1 + (number % 3)}T10:00:00Z", number + 1) with
        {
            AgentId = number % 5 == 0 ? null : $"agent {number % 7}",
            Metric = number % 2 == 0 ? "call" : "Call",
        })]);
        var ask = Ask("2026-10-01T00:00:00Z", "2026-10-05T00:00:00Z", WindowSize.Day, groups: new(true, true, true, true));
        var whole = (await books.AnswerAsync(ask)).Page!.Rows;

        var rows = new List<UsageRow>();
        UsagePlace? after = null;
        do
        {
            var page = (await books.AnswerAsync(ask with { After = after, Limit = 3 })).Page!;
            page.Rows.Count.ShouldBeInRange(1, 3);
            rows.AddRange(page.Rows);
            after = page.Next;
        }
        while (after is not null);

        rows.ShouldBe(whole);
        rows.Sum(row => row.Records).ShouldBe(40);
        rows.ShouldBe(rows.OrderBy(row => row.Window.Start)
            .ThenBy(row => row.Metric, StringComparer.Ordinal).ThenBy(row => row.AgentId, StringComparer.Ordinal));
    }

    [Fact]
    public async Task More_windows_than_anyone_reads_are_refused()
    {
        await using var books = await OpenAsync();

        (await books.AnswerAsync(Ask("2001-01-01T00:00:00Z", "2026-01-01T00:00:00Z", WindowSize.Hour))).Refusal.ShouldBe(UsageRefusal.TooManyWindows);
        (await books.AnswerAsync(Ask("0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z", WindowSize.Day))).Page.ShouldNotBeNull().Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_position_is_that_of_the_rows()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z"), Usage("2", "2026-10-02T10:00:00Z"));

        (await books.AnswerAsync(Ask("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"))).Page!.Position.ShouldBe(2);
    }
}
