using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.Projecting;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Cycles;

public sealed class CloseSpecs
{
    [Fact]
    public async Task A_close_freezes_totals_tree_root_and_lines_at_one_position()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-09-02T10:00:00Z", 3m, 0.3m), Usage("2", "2026-10-02T10:00:00Z"));

        var outcome = await books.CloseAsync("2026-09");

        outcome.Verdict.ShouldBe(CloseVerdict.Closed);
        outcome.Position.ShouldBe(3);
        var report = await books.CycleAsync("2026-09");
        report.Cycle.Status.ShouldBe(CycleStatus.Closed);
        var closed = await ClosedAsync(books, outcome.Position);
        closed.ShouldSatisfyAllConditions(
            () => closed.CycleId.ShouldBe("2026-09-01"),
            () => closed.Start.ShouldBe(At("2026-09-01T00:00:00Z")),
            () => closed.End.ShouldBe(At("2026-10-01T00:00:00Z")),
            () => closed.TimeZone.ShouldBe("UTC"),
            () => closed.AsOfPosition.ShouldBe(2),
            () => closed.Records.ShouldBe(1),
            () => closed.Totals.ShouldBe([new CycleTotal("USD", "0.3")]),
            () => closed.LinesHash.ShouldBe(ReportHash.Of(report)),
            () => closed.Reason.ShouldBeNull());
        closed.RootHash.ShouldBe(Convert.ToHexStringLower(await new TreeReader(new LogTiles(books.Log.Database)).RootAsync(2, default)));
    }

    [Fact]
    public async Task Closing_twice_appends_nothing()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-09-02T10:00:00Z"));
        await books.CloseAsync("2026-09");
        var head = await books.Log.HeadAsync();

        (await books.CloseAsync("2026-09-01")).Verdict.ShouldBe(CloseVerdict.Closed);

        (await books.Log.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task Two_closes_at_once_are_one()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-09-02T10:00:00Z"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => books.CloseAsync("2026-09")));

        outcomes.ShouldAllBe(outcome => outcome.Verdict == CloseVerdict.Closed);
        (await books.Log.HeadAsync()).ShouldBe(2);
    }

    [Theory]
    [InlineData("2026-10-03T23:59:59Z", false, CloseVerdict.NotEnded)]
    [InlineData("2026-10-04T00:00:00Z", false, CloseVerdict.Closed)]
    [InlineData("2026-10-01T00:00:00Z", true, CloseVerdict.Closed)]
    [InlineData("2026-09-30T23:59:59Z", true, CloseVerdict.NotEnded)]
    public async Task A_cycle_is_closed_after_its_grace_and_by_force_after_its_end(string now, bool force, CloseVerdict verdict)
    {
        await using var books = await OpenAsync(now);
        await books.RegisterAsync(grace: 3);

        var outcome = await books.CloseAsync("2026-09", force: force, reason: force ? "the client leaves" : null);

        outcome.Verdict.ShouldBe(verdict);
        if (force && verdict == CloseVerdict.Closed)
        {
            (await ClosedAsync(books, outcome.Position)).Reason.ShouldBe("the client leaves");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_program_of_another_time_zone_database_closes_nothing_before_the_lines_go_by_it(bool force)
    {
        await using var books = await OpenAsync();
        await books.RegisterAsync(zone: "Europe/Berlin");
        await books.RecordAsync(Usage("1", "2026-09-02T10:00:00Z", 3m, 0.3m));
        var head = await books.Log.HeadAsync();

        (await books.CloseAsync("2026-09", force: force, zones: OtherZones.Moved)).Verdict.ShouldBe(CloseVerdict.Behind);

        (await books.Log.HeadAsync()).ShouldBe(head);
        (await books.CloseAsync("2026-09", force: force)).Verdict.ShouldBe(CloseVerdict.Closed);
    }

    [Fact]
    public async Task What_is_no_cycle_of_a_known_client_cannot_be_closed()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-09-02T10:00:00Z"));

        (await books.CloseAsync("2026-09", "nobody")).Verdict.ShouldBe(CloseVerdict.NotFound);
        (await books.CloseAsync("2026-09-02")).Verdict.ShouldBe(CloseVerdict.NotFound);
        (await books.CloseAsync("2026-11")).Verdict.ShouldBe(CloseVerdict.NotFound);
        (await books.CloseAsync("current")).Verdict.ShouldBe(CloseVerdict.NotEnded);
        (await books.Log.HeadAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Cycles_close_in_any_order_and_late_usage_goes_to_its_own_while_that_is_open()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-08-02T10:00:00Z", 1m, 1m), Usage("2", "2026-09-02T10:00:00Z", 1m, 1m));
        await books.CloseAsync("2026-09");
        await books.RecordAsync(Usage("3", "2026-08-03T10:00:00Z", 1m, 1m));

        Told(await books.CycleAsync("2026-08")).ShouldStartWith("retell call - 2 minute 2 USD x2");
        Told(await books.CycleAsync("current")).ShouldBe("");
    }

    [Fact]
    public async Task Usage_of_a_closed_cycle_is_an_adjustment_in_the_cycle_of_its_recording_and_the_closed_one_stays()
    {
        await using var books = await OpenAsync();
        var first = Usage("1", "2026-08-02T10:00:00Z", 10m, 1m);
        var second = Usage("2", "2026-08-02T10:00:00Z", 20m, 2m);
        await books.RecordAsync(first, second);
        await books.CloseAsync("2026-08");
        var before = await books.CycleAsync("2026-08");

        await books.RecordAsync(Usage("3", "2026-08-31T23:59:59Z", 5m, 0.5m), Usage("4", "2026-10-02T10:00:00Z", 1m, 7m));
        await books.ReviseAsync(first with { Quantity = 11m, Cost = 0.9m });
        await books.VoidAsync(second);

        var october = await books.CycleAsync("current");
        Told(october).ShouldBe("""
            retell call - 1 minute 7 USD x1
            2026-08-01: retell call - -14 minute -1.6 USD x3
            total 5.4 USD
            """);
        october.Quality.ShouldBe(new CycleQuality(Records: 1, Duplicates: 0, Revised: 1, Voided: 1, Late: 3, PendingCost: 0, Unattributed: 0, Coverage: null)
        {
            FirstEventAt = At("2026-10-02T10:00:00Z"), LastEventAt = At("2026-10-02T10:00:00Z"),
        });
        var after = await books.CycleAsync("2026-08");
        Told(after).ShouldBe(Told(before));
        after.Quality.ShouldBe(before.Quality);
        ReportHash.Of(after).ShouldBe(ReportHash.Of(before));
        Told(await books.CycleAsync("2026-09")).ShouldBe("");
    }

    [Fact]
    public async Task A_price_that_comes_after_the_close_is_an_adjustment_and_leaves_nothing_pending_here()
    {
        await using var books = await OpenAsync();
        var unpriced = Usage("1", "2026-09-02T10:00:00Z", 3m);
        await books.RecordAsync(unpriced);
        await books.CloseAsync("2026-09");
        await books.ReviseAsync(unpriced with { Cost = 0.6m });

        var october = await books.CycleAsync("current");

        Told(october).ShouldBe("""
            2026-09-01: retell call - 0 minute 0.6 USD x1
            total 0.6 USD
            """);
        october.Quality.PendingCost.ShouldBe(0);
        (await books.CycleAsync("2026-09")).Quality.PendingCost.ShouldBe(1);
    }

    [Fact]
    public async Task Usage_that_comes_between_the_totals_and_the_close_is_late()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-09-02T10:00:00Z", 1m, 1m));
        var report = await books.CycleAsync("2026-09");
        await books.RecordAsync(Usage("2", "2026-09-03T10:00:00Z", 1m, 1m));
        await AppendCloseAsync(books, report);

        Told(await books.CycleAsync("2026-09")).ShouldBe(Told(report));
        Told(await books.CycleAsync("current")).ShouldStartWith("2026-09-01: retell call - 1 minute 1 USD x1");
    }

    [Fact]
    public async Task A_rebuild_gives_closed_cycles_byte_for_byte()
    {
        await using var books = await OpenAsync();
        await books.RegisterAsync(zone: "Europe/Berlin", anchor: 31);
        await books.RecordAsync([.. Enumerable.Range(0, 60).Select(day =>
            Usage($"{day}", UsageLedger.EventLog.Proof.Rfc3339.Format(At("2026-08-01T00:00:00Z") + NodaTime.Duration.FromDays(day)), day, 0.01m * day))]);
        var closing = await books.CloseAsync("2026-08-31");
        var closed = await ClosedAsync(books, closing.Position);
        await books.RecordAsync(Usage("late", "2026-09-05T00:00:00Z", 1m, 1m));
        await books.ArriveAsync();

        var outcome = await new ProjectionRebuild(books.Log.Database, new ProjectionOptions()).RunAsync(new CycleAggregates(), true, null, default);

        outcome.Differences.ShouldBe(0);
        ReportHash.Of(await books.CycleAsync("2026-08-31")).ShouldBe(closed.LinesHash);
    }

    [Fact]
    public async Task A_closed_cycle_that_shows_other_lines_than_it_was_closed_with_is_named()
    {
        await using var books = await OpenAsync("2026-11-05T12:00:00Z");
        await books.RecordAsync(Usage("1", "2026-08-02T10:00:00Z", 1m, 1m), Usage("2", "2026-09-02T10:00:00Z", 2m, 2m), Usage("3", "2026-09-02T10:00:00Z") with { AgentId = "ada" });
        await books.CloseAsync("2026-08");
        books.Now = At("2026-09-05T12:00:00Z");
        await books.RecordAsync(Usage("late", "2026-08-03T10:00:00Z", 4m, 4m));
        books.Now = At("2026-11-05T12:00:00Z");
        var closing = await books.CloseAsync("2026-09");
        await books.ArriveAsync();
        (await ClosedCycleCheck.RunAsync(books.Log.Database, default)).ShouldBeEmpty();

        await books.Log.DoAsync("update read.cycle_aggregates set cost = cost + 0.01 where agent_id = 'ada'");
        var changed = (await ClosedCycleCheck.RunAsync(books.Log.Database, default)).ShouldHaveSingleItem();
        (changed.Position, changed.KindName).ShouldBe((closing.Position, "figures_changed"));

        await new ProjectionRebuild(books.Log.Database, new ProjectionOptions()).RunAsync(new CycleAggregates(), false, null, default);
        (await ClosedCycleCheck.RunAsync(books.Log.Database, default)).ShouldBeEmpty();
    }

    private static async Task<CycleClosed> ClosedAsync(Books books, long position) =>
        CycleClosed.Read((await books.Log.Reader.AtAsync(Tenant, position, default))!.Data);

    private static async Task AppendCloseAsync(Books books, CycleReport report)
    {
        var closed = new CycleClosed(
            "contoso", report.Cycle.Id, report.Cycle.Start, report.Cycle.End, "UTC", report.Position, "", ReportHash.Of(report), 1, report.Totals, null);
        var id = DeterministicId.Of("close", report.Cycle.Id);
        var stream = StreamNames.OfRegistration("contoso");
        await books.Appender.AppendAsync(
            new(Tenant, "spec", [new(id, new(id, stream, EventTypes.CycleClosed, closed.ToCanonical()))]), default);
    }
}
