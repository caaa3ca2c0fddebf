using NodaTime;
using UsageLedger.Collecting.Sources;
using UsageLedger.Coverage;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Collecting;

namespace UsageLedger.IntegrationSpecs.Coverage;

/// <summary>What is wanted of vendors again and again is put into the inbox once.</summary>
public sealed class AskingSpecs
{
    private const string Keys = "select key from ledger.inbox_items order by received_at, key";

    private const string Known = """
        insert into read.captured_sources (tenant_id, source_id, provider, since_at) values ('acme', 'fax-main', 'fax-bureau', '2026-10-05 00:00+00')
        """;

    private const string Collected = """
        insert into read.collection_cursors (tenant_id, source_id, cursor_at, last_completed_at) values ('acme', 'fax-main', '2026-10-08 00:00+00', '2026-10-08 00:00+00')
        """;

    private const string Waiting = """
        insert into ledger.inbox_items (id, tenant, kind, source, key, status, next_attempt_at, received_at, correlation_id)
        select gen_random_uuid(), 'acme', 'totals', 'fax-main', 'asked:' || n, 'queued', 'infinity', '2026-10-05 12:00+00', 'spec' from generate_series(1, 500) n
        """;

    private const string Days = """{"sourceId":"fax-main","from":"2026-10-01","to":"2026-10-02"}""";

    [Fact]
    public async Task A_fill_asked_for_again_is_the_same_runs_until_they_have_ended()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.RowsAsync(Known);

        var first = await FillAsync(ledger);
        var again = await Task.WhenAll(FillAsync(ledger), FillAsync(ledger));
        await ledger.RowsAsync("update ledger.inbox_items set status = 'running', lease_until = now()");
        var running = await FillAsync(ledger);
        await ledger.RowsAsync("update ledger.inbox_items set status = 'done', lease_until = null");
        ledger.Clock.Now += Duration.FromMinutes(1);
        var later = await Task.WhenAll(FillAsync(ledger), FillAsync(ledger));

        (again[0], again[1], running).ShouldBe((first, first, first));
        (later[0] == later[1], later[0] == first).ShouldBe((true, false));
        (await FillAsync(ledger)).ShouldBe(later[0]);
        (await ledger.RowsAsync("select count(*) from ledger.inbox_items")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task A_host_asks_for_a_sources_totals_once_a_day()
    {
        await using var ledger = await CollectingLedger.OpenAsync(schedule: "0 0 29 2 *");
        ledger.Bureau.TellsTotals = true;
        await ledger.RowsAsync(Known);
        await ledger.RowsAsync(Collected);
        var days = ledger.Get<RollUpDays>();

        await days.RunAsync(Instant.FromUtc(2026, 10, 7, 1, 0), default);
        (await ledger.RowsAsync(Keys)).ShouldBe(["daily:2026-10-07"]);
        await ledger.RowsAsync("delete from ledger.inbox_items");
        await days.RunAsync(Instant.FromUtc(2026, 10, 7, 1, 1), default);
        (await ledger.RowsAsync(Keys)).ShouldBeEmpty();
        await days.RunAsync(Instant.FromUtc(2026, 10, 8, 1, 0), default);
        (await ledger.RowsAsync(Keys)).ShouldBe(["daily:2026-10-08"]);
    }

    [Fact]
    public async Task So_many_askings_for_totals_of_a_source_wait_and_no_more()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.StartAsync();
        ledger.Bureau.TellsTotals = true;
        await ledger.RowsAsync(Waiting);
        var caller = await ledger.CallerAsync();

        var refused = await caller.PostAsync("/v1/coverage/totals", Days);
        await ledger.RowsAsync("delete from ledger.inbox_items where key = 'asked:1'");

        (refused.Status, refused.Header("Retry-After")).ShouldBe((429, "60"), refused.Text);
        refused.Text.ShouldContain("too_many_runs");
        (await caller.PostAsync("/v1/coverage/totals", Days)).Status.ShouldBe(202);
    }

    private static async Task<Guid> FillAsync(CollectingLedger ledger)
    {
        var (from, to) = (Instant.FromUtc(2026, 10, 5, 0, 0), Instant.FromUtc(2026, 10, 5, 6, 0));
        var command = new FillCoverage("acme", "spec", "fax-main", from, to, ledger.Clock.Now);
        var filling = await FillCoverageHandler.Handle(command, ledger.Database, ledger.Get<SourceStore>(), ledger.Get<ProviderCatalogue>(), ledger.Get<InboxStore>(), default);
        return filling!.Runs.ShouldHaveSingleItem().RunId;
    }
}
