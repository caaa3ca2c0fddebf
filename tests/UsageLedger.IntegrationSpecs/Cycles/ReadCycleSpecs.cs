using UsageLedger.Cycles.Calendar;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Cycles;

public sealed class ReadCycleSpecs
{
    [Fact]
    public async Task Lines_are_grouped_by_provider_metric_agent_unit_and_currency_and_sorted_ordinally()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(
            Usage("1", "2026-10-02T10:00:00Z", 1.5m, 0.30m) with { AgentId = "b" },
            Usage("2", "2026-10-02T11:00:00Z", 2.5m, 0.70m) with { AgentId = "b" },
            Usage("3", "2026-10-02T11:00:00Z", 1m, 1m) with { AgentId = "B" },
            Usage("4", "2026-10-02T11:00:00Z", 1m, 2m),
            Usage("5", "2026-10-02T11:00:00Z", 1m, 3m) with { Currency = "EUR" },
            Usage("6", "2026-10-02T11:00:00Z", 1m, 4m) with { Unit = "call" },
            Usage("7", "2026-10-02T11:00:00Z", 1m, 5m) with { Provider = "Twilio" });

        var report = await books.CycleAsync("2026-10");

        Told(report).ShouldBe("""
            Twilio call - 1 minute 5 USD x1
            retell call - 1 call 4 USD x1
            retell call - 1 minute 3 EUR x1
            retell call - 1 minute 2 USD x1
            retell call B 1 minute 1 USD x1
            retell call b 4 minute 1 USD x2
            total 3 EUR
            total 13 USD
            """);
        report.Position.ShouldBe(7);
        report.ClientId.ShouldBe("contoso");
        report.Cycle.Id.ShouldBe("2026-10-01");
        report.Cycle.Start.ShouldBe(At("2026-10-01T00:00:00Z"));
        report.Cycle.End.ShouldBe(At("2026-11-01T00:00:00Z"));
        report.Cycle.TimeZone.ShouldBe("UTC");
        report.Cycle.Status.ShouldBe(CycleStatus.Open);
    }

    [Fact]
    public async Task Pending_records_count_with_their_quantity_and_add_no_cost()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z", 3m), Usage("2", "2026-10-02T10:00:00Z", 2m) with { Currency = "EUR" });

        var report = await books.CycleAsync("current");

        Told(report).ShouldBe("""
            retell call - 2 minute 0 EUR x1
            retell call - 3 minute 0 USD x1
            total 0 EUR
            total 0 USD
            """);
        report.Quality.PendingCost.ShouldBe(2);
        report.Quality.Coverage.ShouldBeNull();
    }

    [Fact]
    public async Task A_sum_longer_than_a_decimal_is_told_to_its_last_digit()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(
            Usage("1", "2026-10-02T10:00:00Z", 9999999999999999999999999999m, 0.0000000000000000000000000001m),
            Usage("2", "2026-10-02T10:00:00Z", 9999999999999999999999999999m, 9999999999999999999999999999m));

        Told(await books.CycleAsync("current")).ShouldBe("""
            retell call - 19999999999999999999999999998 minute 9999999999999999999999999999.0000000000000000000000000001 USD x2
            total 9999999999999999999999999999.0000000000000000000000000001 USD
            """);
    }

    [Fact]
    public async Task What_was_voided_whole_leaves_only_its_count()
    {
        await using var books = await OpenAsync();
        var usage = Usage("1", "2026-10-02T10:00:00Z", 3m, 1m);
        await books.RecordAsync(usage);
        await books.VoidAsync(usage);

        var report = await books.CycleAsync("current");

        Told(report).ShouldBe("");
        report.Quality.Voided.ShouldBe(1);
        report.Quality.Records.ShouldBe(0);
    }

    [Fact]
    public async Task A_revised_record_counts_once_at_its_last_value_where_it_is_now()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-09-30T23:59:59Z", 3m));
        await books.ReviseAsync(Usage("1", "2026-10-01T00:00:00Z", 4m, 2m));

        Told(await books.CycleAsync("2026-09")).ShouldBe("");
        var october = await books.CycleAsync("2026-10");
        Told(october).ShouldBe("""
            retell call - 4 minute 2 USD x1
            total 2 USD
            """);
        october.Quality.Revised.ShouldBe(1);
        october.Quality.PendingCost.ShouldBe(0);
    }

    [Fact]
    public async Task A_record_that_moves_to_another_client_leaves_this_one()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z", 3m, 1m));
        await books.ReviseAsync(Usage("1", "2026-10-02T10:00:00Z", 3m, 1m, "fabrikam"));

        Told(await books.CycleAsync("current")).ShouldBe("");
        Told(await books.CycleAsync("current", "fabrikam")).ShouldStartWith("retell call - 3 minute 1 USD x1");
    }

    [Fact]
    public async Task A_cycle_answers_to_its_date_its_month_and_current()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z"));

        foreach (var name in new[] { "2026-10-01", "2026-10", "current" })
            (await books.CycleAsync(name)).Cycle.Id.ShouldBe("2026-10-01");
    }

    [Fact]
    public async Task What_is_no_cycle_up_to_now_is_not_found()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z"));

        foreach (var name in new[] { "2026-10-02", "2026-11", "1969-12", "soon" })
            (await books.FindCycleAsync(name)).ShouldBeNull();
    }

    [Fact]
    public async Task The_month_is_no_name_where_cycles_are_not_calendar_months()
    {
        await using var books = await OpenAsync();
        await books.RegisterAsync(anchor: 15);

        (await books.FindCycleAsync("2026-09")).ShouldBeNull();
        (await books.CycleAsync("2026-09-15")).Cycle.End.ShouldBe(At("2026-10-15T00:00:00Z"));
    }

    [Fact]
    public async Task A_cycle_without_usage_is_there_and_empty()
    {
        await using var books = await OpenAsync();
        await books.RegisterAsync();

        var report = await books.CycleAsync("1970-01");
        Told(report).ShouldBe("");
        report.Cycle.Status.ShouldBe(CycleStatus.Closing);
    }

    [Fact]
    public async Task A_client_nobody_named_and_one_of_another_tenant_are_not_found()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z"));

        (await books.FindCycleAsync("current", "nobody")).ShouldBeNull();
        (await books.FindCycleAsync("current", tenant: "other")).ShouldBeNull();
        (await books.CyclesAsync("nobody")).ShouldBeNull();
        (await books.CyclesAsync(tenant: "other")).ShouldBeNull();
    }

    [Fact]
    public async Task Clients_of_one_name_in_two_tenants_are_two()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-10-02T10:00:00Z", 1m, 1m));
        await books.RecordAsync(false, "other", Usage("1", "2026-10-02T10:00:00Z", 50m, 50m));

        Told(await books.CycleAsync("current")).ShouldStartWith("retell call - 1 minute 1 USD x1");
        Told((await books.FindCycleAsync("current", tenant: "other"))!).ShouldStartWith("retell call - 50 minute 50 USD x1");
    }
}
