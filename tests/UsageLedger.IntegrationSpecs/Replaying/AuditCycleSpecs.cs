using System.Text.Json;
using UsageLedger.Answering;
using UsageLedger.EventLog.Projecting;
using UsageLedger.Cycles;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Replaying;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Replaying;

public sealed class AuditCycleSpecs
{
    private static readonly string[] OfClosed = ["leaves", "table", "close", "root", "reconciliations"];

    [Fact]
    public async Task Revised_voided_late_and_moved_usage_audits_clean_before_and_after_the_close()
    {
        await using var books = await Eventful.OpenAsync();

        var (august, october, other) = (await books.AuditAsync("2026-08"), await books.AuditAsync("current"), await books.AuditAsync("2026-08", "fabrikam"));

        august.Differences.ShouldBeEmpty();
        august.Holds.ShouldBeTrue();
        august.ComparedWith.ShouldBe(OfClosed);
        august.LinesHash.ShouldBe(august.Closed!.LinesHash);
        Told(august).ShouldBe("retell call - 3 minute 0 EUR x1; retell call - 11 minute 1.1 USD x1; retell call ada 7 minute 0.7 USD x1");
        august.Counts.ShouldBe(new AuditedCounts(Records: 3, Late: 0, Revised: 1, Voided: 1, PendingCost: 1));
        october.Holds.ShouldBeTrue();
        october.ComparedWith.ShouldBe(["leaves", "table", "reconciliations"]);
        Told(october).ShouldBe("2026-08-01: retell call - -6 minute -0.6 USD x2; retell call ada 1 minute 0.1 USD x1");
        other.Holds.ShouldBeTrue();
        Told(other).ShouldBe("retell call bob 4 minute 0.4 USD x1");
    }

    [Theory]
    [InlineData("cost = cost + 0.0000000000000000000000000001", "cost of retell call ada minute USD")]
    [InlineData("quantity = quantity * 10", "quantity of retell call ada minute USD")]
    [InlineData("records = records + 1", "records of retell call ada minute USD")]
    [InlineData("pending = 1", "pending of retell call ada minute USD")]
    public async Task A_row_of_the_read_model_changed_by_hand_is_named(string change, string at)
    {
        await using var books = await Eventful.OpenAsync();
        await books.ArriveAsync();
        await books.Log.DoAsync($"update read.cycle_aggregates set {change} where cycle_start = '2026-08-01Z' and agent_id = 'ada'");

        var audit = await books.AuditAsync("2026-08");

        audit.Holds.ShouldBeFalse();
        var difference = audit.Differences.ShouldHaveSingleItem();
        (difference.Kind, difference.At).ShouldBe((AuditDifference.LineDiffers, at));
    }

    [Fact]
    public async Task A_row_taken_out_of_the_read_model_or_put_in_is_named()
    {
        await using var books = await Eventful.OpenAsync();
        await books.ArriveAsync();
        await books.Log.DoAsync("update read.cycle_aggregates set agent_id = 'eve' where cycle_start = '2026-08-01Z' and agent_id = 'ada'");

        var differences = (await books.AuditAsync("2026-08")).Differences.Select(one => $"{one.At}: {one.Log}, {one.Found}");

        differences.ShouldBe(
        [
            "quantity of retell call ada minute USD: 7, 0", "cost of retell call ada minute USD: 0.7, 0", "records of retell call ada minute USD: 1, 0",
            "quantity of retell call eve minute USD: 0, 7", "cost of retell call eve minute USD: 0, 0.7", "records of retell call eve minute USD: 0, 1",
        ]);
    }

    [Theory]
    [InlineData("""jsonb_set(data, '{cost}', '"1.2"')""", "event_changed line_differs close_differs close_differs")]
    [InlineData("""jsonb_set(data, '{attributes}', '{"note":"harmless"}')""", "event_changed")]
    [InlineData("""jsonb_set(data, '{occurredAt}', '"2026-09-02T10:00:00Z"')""", "event_changed line_differs line_differs line_differs close_differs close_differs close_differs")]
    [InlineData("""data - 'quantity'""", "event_changed event_unreadable line_differs line_differs line_differs close_differs close_differs close_differs")]
    [InlineData("""jsonb_set(data, '{cost}', '0.7')""", "event_changed event_unreadable line_differs line_differs line_differs close_differs close_differs close_differs")]
    public async Task An_event_changed_by_SQL_is_found_at_its_position(string change, string kinds)
    {
        await using var books = await Eventful.OpenAsync();
        await books.ArriveAsync();
        await books.Log.DoAsync($"update ledger.mt_events set data = {change} where data ->> 'idempotencyKey' = 'steady'");
        var position = await books.Log.AskAsync<long>("select seq_id from ledger.mt_events where id = (select id from ledger.mt_events where stream_id = 'client-contoso' and version = 3)");

        var audit = await books.AuditAsync("2026-08");

        audit.Holds.ShouldBeFalse();
        string.Join(' ', audit.Differences.Select(one => one.Kind)).ShouldBe(kinds);
        audit.Differences[0].At.ShouldBe($"position {position}");
    }

    [Fact]
    public async Task An_event_deleted_by_SQL_leaves_a_gap_that_is_named()
    {
        await using var books = await Eventful.OpenAsync();
        await books.ArriveAsync();
        await books.Log.DoAsync("delete from ledger.mt_events where stream_id = 'client-contoso' and version = 3");

        var audit = await books.AuditAsync("2026-08");

        audit.Differences.ShouldContain(one => one.Kind == AuditDifference.EventMissing && one.Log == "version 3");
        audit.Differences.ShouldContain(one => one.Kind == AuditDifference.CloseDiffers && one.At == "total in USD");
    }

    [Fact]
    public async Task A_close_that_says_something_else_than_the_log_is_found()
    {
        await using var books = await Eventful.OpenAsync();
        await books.ArriveAsync();
        await books.Log.DoAsync("""
            update ledger.mt_events set data = jsonb_set(jsonb_set(data, '{totals,1,cost}', '"99"'), '{rootHash}', '"00"') where type = 'cycle_closed'
            """);

        var audit = await books.AuditAsync("2026-08");

        audit.Differences.Select(one => $"{one.Kind} {one.At}").ShouldBe(
            [$"event_changed position {audit.Closed!.Position}", "close_differs total in USD", "root_differs root of the tree that the close names"]);
    }

    [Theory]
    [InlineData("cycle_closed", "data - 'totals'")]
    [InlineData("cycle_closed", """jsonb_set(data, '{records}', '"many"')""")]
    [InlineData("cycle_closed", """jsonb_set(data, '{totals}', data -> 'totals' || (data -> 'totals'))""")]
    [InlineData("client_registered", "data - 'timeZone'")]
    [InlineData("client_registered", """jsonb_set(data, '{anchorDay}', '"99"')""")]
    public async Task A_changed_registration_is_named_and_what_can_be_read_is_still_compared(string type, string change)
    {
        await using var books = await OpenAsync();
        await books.RegisterAsync();
        await books.RecordAsync(Usage("1", "2026-08-02T10:00:00Z", 10m, 1m));
        await books.CloseAsync("2026-08");
        await books.ArriveAsync();
        await books.Log.DoAsync($"update ledger.mt_events set data = {change} where type = '{type}'");
        var position = await books.Log.AskAsync<long>($"select seq_id from ledger.mt_events where type = '{type}'");

        var audit = await books.AuditAsync("2026-08");

        audit.Differences[0].ShouldSatisfyAllConditions(
            first => first.Kind.ShouldBe(AuditDifference.EventChanged), first => first.At.ShouldBe($"position {position}"));
        Told(audit).ShouldBe("retell call - 10 minute 1 USD x1");
    }

    [Fact]
    public async Task A_cycle_is_audited_as_it_was_known_at_a_position_or_an_instant()
    {
        await using var books = await OpenAsync("2026-08-10T12:00:00Z");
        await books.RecordAsync(Usage("1", "2026-08-02T10:00:00Z", 10m, 1m));
        books.Now = At("2026-08-20T12:00:00Z");
        await books.ReviseAsync(Usage("1", "2026-08-02T10:00:00Z", 11m, 1.1m));
        books.Now = At("2026-09-05T12:00:00Z");
        await books.CloseAsync("2026-08");
        await books.RecordAsync(Usage("2", "2026-08-03T10:00:00Z", 5m, 0.5m));

        var first = await books.AuditAsync("2026-08", asOf: 1);
        Told(first).ShouldBe("retell call - 10 minute 1 USD x1");
        first.Closed.ShouldBeNull();
        first.ComparedWith.ShouldBe(["leaves", "reconciliations"]);
        Told(await books.AuditAsync("2026-08", asOf: await AtAsync("2026-08-19T00:00:00Z"))).ShouldBe("retell call - 10 minute 1 USD x1");
        Told(await books.AuditAsync("2026-08", asOf: await AtAsync("2026-08-20T12:00:00Z"))).ShouldBe("retell call - 11 minute 1.1 USD x1");
        var closed = await books.AuditAsync("2026-08", asOf: 3);
        closed.ComparedWith.ShouldBe(OfClosed);
        closed.Holds.ShouldBeTrue();
        (await books.AuditAsync("2026-08", asOf: await AtAsync("2026-01-01T00:00:00Z"))).EventsRead.ShouldBe(0);
        (await new KnownAt(99, null).PositionAsync(books.Log.Reader, books.Log.Database, default)).ShouldBeNull();

        async Task<long?> AtAsync(string instant) => await KnownAt.Parse(instant)!.PositionAsync(books.Log.Reader, books.Log.Database, default);
    }

    [Fact]
    public async Task The_same_log_in_another_database_gives_the_same_bytes()
    {
        await using var books = await Eventful.OpenAsync();
        await books.ArriveAsync();
        await using var copy = await books.CopyAsync();

        foreach (var cycle in new[] { "2026-08", "2026-09", "current" })
        {
            var told = await BytesAsync(books, cycle);
            (await BytesAsync(books, cycle)).ShouldBe(told);
            (await BytesAsync(copy, cycle)).ShouldBe(told);
        }

        static async Task<string> BytesAsync(Books books, string cycle)
        {
            using var bytes = new MemoryStream();
            await JsonSerializer.SerializeAsync(bytes, await books.AuditAsync(cycle, events: 1), LedgerJson.Options);
            return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
        }
    }

    [Fact]
    public async Task The_events_of_a_line_add_up_to_it_and_each_is_proven()
    {
        await using var books = await Eventful.OpenAsync();

        var audit = await books.AuditAsync("2026-08", events: 2);
        var uses = await audit.Events!.ToListAsync();

        uses.Select(use => $"{use.Type} {use.Quantity} {use.Cost} {use.Records}").ShouldBe(
            ["usage_recorded 10 1 1", "usage_recorded 20 2 1", "usage_revised 1 0.1 0", "usage_voided -20 -2 -1"]);
        uses.ShouldAllBe(use => use.Proof!.Holds && use.Proof.TreeSize == audit.AsOf);
        uses[2].UsageId.ShouldBe(uses[0].UsageId);
        (await books.AuditAsync("2026-08", events: 99)).Events.ShouldBeNull();
    }

    [Fact]
    public async Task A_rebuild_after_the_table_was_changed_audits_clean_again()
    {
        await using var books = await Eventful.OpenAsync();
        await books.ArriveAsync();
        await books.Log.DoAsync("delete from read.cycle_aggregates");
        (await books.AuditAsync("2026-08")).Holds.ShouldBeFalse();

        await new ProjectionRebuild(books.Log.Database, new ProjectionOptions()).RunAsync(new CycleAggregates(), false, null, default);

        (await books.AuditAsync("2026-08")).Holds.ShouldBeTrue();
    }

    [Fact]
    public async Task What_nobody_named_has_no_audit()
    {
        await using var books = await Eventful.OpenAsync();

        (await books.FindAuditAsync("2026-08", "nobody")).ShouldBeNull();
        (await books.FindAuditAsync("2026-08-02")).ShouldBeNull();
    }

    private static string Told(CycleAudit audit) => string.Join("; ", audit.Lines!.Select(line =>
        $"{(line.OriginCycle is { } origin ? origin + ": " : "")}{line.Provider} {line.Metric} {line.AgentId ?? "-"} {line.Quantity} {line.Unit} {line.Cost} {line.Currency} x{line.Records}"));
}
