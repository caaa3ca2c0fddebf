using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog.Appending;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>Where usage is booked: in its own cycle while that is open, else as an adjustment.</summary>
public sealed class CycleExamplesSpecs
{
    [Fact]
    public async Task A_cycle_holds_its_first_instant_and_not_its_last_in_the_clients_own_zone()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = Cycles(log, "2026-02-10T00:00:00Z");
        await cycles.RegisterAsync("contoso", "Europe/Berlin");

        await cycles.AppendAsync(
            Usage("a", "2026-01-31T22:59:59.999999Z").Recorded(),
            Usage("b", "2026-01-31T23:00:00Z").Recorded(),
            Usage("c", "2026-02-28T22:59:59.999999Z").Recorded());

        (await LinesAsync(log)).ShouldBe(["contoso 2025-12-31 23:00 - records 1 quantity 1 cost 0.5", "contoso 2026-01-31 23:00 - records 2 quantity 2 cost 1"]);
    }

    [Fact]
    public async Task Usage_of_a_closed_cycle_adjusts_the_cycle_in_which_it_is_recorded()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = Cycles(log, "2026-01-20T00:00:00Z");
        var asOf = await cycles.AppendAsync(Usage("in time", "2026-01-15T00:00:00Z").Recorded());
        cycles.Now = At("2026-02-02T00:00:00Z");
        await cycles.CloseAsync("contoso", At("2026-01-15T00:00:00Z"), asOf);

        cycles.Now = At("2026-03-05T00:00:00Z");
        await cycles.AppendAsync(Usage("late", "2026-01-16T00:00:00Z").Recorded());
        await cycles.AppendAsync(Usage("of an open cycle", "2026-02-16T00:00:00Z").Recorded());

        (await LinesAsync(log)).ShouldBe(
        [
            "contoso 2026-01-01 00:00 - records 1 quantity 1 cost 0.5",
            "contoso 2026-02-01 00:00 - records 1 quantity 1 cost 0.5",
            "contoso 2026-03-01 00:00 of 2026-01-01 00:00 records 1 quantity 1 cost 0.5",
        ]);
    }

    [Fact]
    public async Task A_revision_in_a_closed_cycle_is_one_adjustment_of_the_difference_and_a_void_takes_it_all()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = Cycles(log, "2026-01-20T00:00:00Z");
        var (one, other) = (Usage("one", "2026-01-15T00:00:00Z"), Usage("other", "2026-01-15T00:00:00Z") with { Agent = "a1" });
        var asOf = await cycles.AppendAsync(one.Recorded(), other.Recorded());
        cycles.Now = At("2026-02-02T00:00:00Z");
        await cycles.CloseAsync("contoso", one.At, asOf);

        await cycles.AppendAsync(one.RevisedTo(one with { Quantity = 4, Cost = 0.3m }));
        await cycles.AppendAsync(other.Voided());

        (await LinesAsync(log)).ShouldBe(
        [
            "contoso 2026-01-01 00:00 - records 1 quantity 1 cost 0.5",
            "contoso 2026-01-01 00:00 - records 1 quantity 1 cost 0.5 agent a1",
            "contoso 2026-02-01 00:00 of 2026-01-01 00:00 records 1 quantity -1 cost -0.5 agent a1",
            "contoso 2026-02-01 00:00 of 2026-01-01 00:00 records 1 quantity 3 cost -0.2",
        ]);
    }

    [Fact]
    public async Task What_came_after_the_position_that_the_close_froze_is_late_though_the_close_came_later()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = Cycles(log, "2026-02-01T00:00:00Z");
        var asOf = await cycles.AppendAsync(Usage("frozen", "2026-01-15T00:00:00Z").Recorded());
        await cycles.AppendAsync(Usage("between", "2026-01-16T00:00:00Z").Recorded());
        await using (RunningProjections.Start(log))
            await log.UntilCaughtUpAsync();

        await cycles.CloseAsync("contoso", At("2026-01-15T00:00:00Z"), asOf);

        (await LinesAsync(log)).ShouldBe(
            ["contoso 2026-01-01 00:00 - records 1 quantity 1 cost 0.5", "contoso 2026-02-01 00:00 of 2026-01-01 00:00 records 1 quantity 1 cost 0.5"]);
    }

    [Fact]
    public async Task A_close_counts_nothing_anew_but_what_came_between()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = Cycles(log, "2026-02-01T00:00:00Z");
        var asOf = await cycles.AppendAsync(Usage("frozen", "2026-01-15T00:00:00Z").Recorded(), Usage("open", "2026-02-01T00:00:00Z").Recorded());
        await cycles.AppendAsync(Usage("between", "2026-01-16T00:00:00Z").Recorded(), (Usage("between too", "2026-01-16T00:00:00Z") with { Agent = "a1" }).Recorded());
        await using (RunningProjections.Start(log))
            await log.UntilCaughtUpAsync();
        await log.DoAsync("update read.cycle_aggregates set cost = cost + 7 where agent_id is null");

        await cycles.CloseAsync("contoso", At("2026-01-15T00:00:00Z"), asOf);

        (await LinesAsync(log)).ShouldBe(
        [
            "contoso 2026-01-01 00:00 - records 1 quantity 1 cost 7.5",
            "contoso 2026-02-01 00:00 - records 1 quantity 1 cost 7.5",
            "contoso 2026-02-01 00:00 of 2026-01-01 00:00 records 1 quantity 1 cost 0.5",
            "contoso 2026-02-01 00:00 of 2026-01-01 00:00 records 1 quantity 1 cost 0.5 agent a1",
        ]);
    }

    [Fact]
    public async Task Where_the_cycle_of_the_recording_is_closed_too_the_next_open_one_is_adjusted()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = Cycles(log, "2026-01-20T00:00:00Z");
        var asOf = await cycles.AppendAsync(Usage("in time", "2026-01-15T00:00:00Z").Recorded());
        await cycles.CloseAsync("contoso", cycles.Now, asOf);

        await cycles.AppendAsync(Usage("late", "2026-01-19T00:00:00Z").Recorded());

        (await LinesAsync(log)).ShouldBe(
            ["contoso 2026-01-01 00:00 - records 1 quantity 1 cost 0.5", "contoso 2026-02-01 00:00 of 2026-01-01 00:00 records 1 quantity 1 cost 0.5"]);
    }

    [Fact]
    public async Task Usage_that_moves_leaves_the_one_client_and_comes_to_the_other()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = Cycles(log, "2026-01-20T00:00:00Z");
        var (claimed, lost, unclaimed) = (Usage("claimed", "2026-01-15T00:00:00Z") with { Client = null }, Usage("lost", "2026-01-15T00:00:00Z"), Usage("moved", "2026-01-15T00:00:00Z"));
        await cycles.AppendAsync(claimed.Recorded(), lost.Recorded(), unclaimed.Recorded());

        await cycles.AppendAsync(
            claimed.RevisedTo(claimed with { Client = "contoso" }), lost.RevisedTo(lost with { Client = null }), unclaimed.RevisedTo(unclaimed with { Client = "fabrikam", Quantity = 3 }));

        (await LinesAsync(log)).ShouldBe(["contoso 2026-01-01 00:00 - records 1 quantity 1 cost 0.5", "fabrikam 2026-01-01 00:00 - records 1 quantity 3 cost 0.5"]);
    }

    [Fact]
    public async Task Another_rule_cuts_all_time_anew_until_a_cycle_is_closed_and_then_only_what_comes()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = Cycles(log, "2026-03-20T00:00:00Z");
        await cycles.RegisterAsync("contoso", "UTC", anchorDay: 15);
        var asOf = await cycles.AppendAsync(Usage("a", "2026-01-31T00:00:00Z").Recorded(), Usage("b", "2026-02-16T00:00:00Z").Recorded());
        await cycles.RegisterAsync("contoso", "UTC", anchorDay: 10);
        (await LinesAsync(log)).ShouldBe(["contoso 2026-01-10 00:00 - records 1 quantity 1 cost 0.5", "contoso 2026-02-10 00:00 - records 1 quantity 1 cost 0.5"]);

        await cycles.CloseAsync("contoso", At("2026-01-31T00:00:00Z"), asOf);
        await cycles.RegisterAsync("contoso", "UTC", "weekly");
        await cycles.AppendAsync(Usage("c", "2026-04-10T00:00:00Z").Recorded(), Usage("d", "2026-04-13T00:00:00Z").Recorded());

        (await LinesAsync(log)).ShouldBe(
        [
            "contoso 2026-01-10 00:00 - records 1 quantity 1 cost 0.5",
            "contoso 2026-02-10 00:00 - records 1 quantity 1 cost 0.5",
            "contoso 2026-04-10 00:00 - records 1 quantity 1 cost 0.5",
            "contoso 2026-04-13 00:00 - records 1 quantity 1 cost 0.5",
        ]);
    }

    [Fact]
    public async Task Two_tenants_clients_of_one_name_are_two_clients()
    {
        await using var log = await SpecLog.OpenAsync();
        var cycles = Cycles(log, "2026-02-20T00:00:00Z");
        await cycles.RegisterAsync("contoso", "UTC", anchorDay: 15);
        var usage = Usage("a", "2026-02-16T00:00:00Z");
        await cycles.AppendAsync(usage.Recorded());
        var theirs = usage.Recorded() with { Key = Guid.NewGuid() };

        await log.Appender("other").AppendAsync(new AppendRequest("globex", "spec", [theirs with { WhenNew = theirs.WhenNew! with { Id = theirs.Key } }]), default);

        (await LinesAsync(log)).ShouldBe(["contoso 2026-02-01 00:00 - records 1 quantity 1 cost 0.5", "contoso 2026-02-15 00:00 - records 1 quantity 1 cost 0.5"]);
        (await log.RowsAsync("select tenant_id, cycle_start = '2026-02-15 00:00+00' from read.cycle_aggregates order by 1")).ShouldBe(["acme True", "globex False"]);
    }

    private static CycleLog Cycles(SpecLog log, string now) => new(log) { Now = At(now) };

    private static SpecUsage Usage(string key, string at) => new(key, At(at)) { Cost = 0.5m };

    private static Instant At(string text) => InstantPattern.ExtendedIso.Parse(text).Value;

    /// <summary>What is booked once the projections have caught up, without what has cancelled out.</summary>
    private static async Task<List<string>> LinesAsync(SpecLog log)
    {
        await using (RunningProjections.Start(log))
            await log.UntilCaughtUpAsync();
        return await log.RowsAsync("""
            select client_id || to_char(cycle_start, ' YYYY-MM-DD HH24:MI ') || coalesce(to_char(origin_start, '"of" YYYY-MM-DD HH24:MI'), '-')
                   || format(' records %s quantity %s cost %s', records, trim_scale(quantity), trim_scale(cost)) || coalesce(' agent ' || agent_id, '') as line
            from read.cycle_aggregates where records <> 0 order by line
            """);
    }
}
