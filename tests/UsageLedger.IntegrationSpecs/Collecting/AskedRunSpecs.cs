using NodaTime;
using UsageLedger.Collecting.Runs;
using UsageLedger.Host.Health;
using UsageLedger.Host.Telemetry;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>What one caller may ask of collecting is bounded, and what waits is told to be late only once it is due.</summary>
public sealed class AskedRunSpecs
{
    private const string Waiting = """
        insert into ledger.inbox_items (id, tenant, kind, source, key, status, next_attempt_at, received_at, correlation_id)
        select gen_random_uuid(), 'acme', 'collect', 'fax-main', 'asked:' || n, 'queued', 'infinity', '2026-10-05 12:00+00', 'spec' from generate_series(1, 500) n
        """;

    [Fact]
    public async Task A_window_of_more_than_400_days_is_refused_and_names_what_to_do()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.StartAsync();
        var caller = await ledger.CallerAsync();

        var open = await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main","from":"2000-01-01T00:00:00Z"}""");
        var ended = await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main","from":"2020-01-01T00:00:00Z","to":"2021-03-01T00:00:00Z"}""");
        var fits = await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main","from":"2020-01-01T00:00:00Z","to":"2021-02-04T00:00:00Z"}""");

        (open.Status, ended.Status, fits.Status).ShouldBe((422, 422, 202), open.Text);
        open.Text.ShouldContain("\"code\":\"window_too_long\"");
        open.Text.ShouldContain("/from");
        open.Text.ShouldContain("in parts");
    }

    [Fact]
    public async Task So_many_runs_of_a_source_wait_and_no_more()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.StartAsync();
        await ledger.RowsAsync(Waiting);
        var caller = await ledger.CallerAsync();

        var refused = await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}""");
        await ledger.RowsAsync("delete from ledger.inbox_items where key = 'asked:1'");

        (refused.Status, refused.Header("Retry-After")).ShouldBe((429, "60"), refused.Text);
        refused.Text.ShouldContain("too_many_runs");
        (await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}""")).Status.ShouldBe(202);
    }

    [Fact]
    public async Task Hours_of_which_a_run_says_nothing_new_are_not_written_again()
    {
        const string Written = "select string_agg(xmin::text, ' ' order by hour) from read.coverage_hours";
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.StartAsync();
        var (from, at) = (ledger.Clock.Now - Duration.FromDays(2), ledger.Clock.Now);
        await ledger.CompletedAsync(at, from: from);
        await ledger.UntilAsync("select count(*) from read.coverage_hours", "48", "the run is taken");
        var before = await ledger.RowsAsync(Written);

        await ledger.CompletedAsync(at, from: from);
        await ledger.CompletedAsync(at - Duration.FromHours(1), from: from - Duration.FromHours(2));

        await ledger.UntilAsync("select count(*) from read.coverage_hours", "50", "the runs are taken");
        (await ledger.RowsAsync(Written)).ShouldHaveSingleItem().ShouldEndWith(before.ShouldHaveSingleItem());
    }

    [Theory]
    [InlineData("totals", "daily:2026-10-05", -60, 0)]
    [InlineData("fetch", "rejected:1:2", -60, 0)]
    [InlineData("fetch", "c0ffee", -10, 600)]
    [InlineData("fetch", "c0ffee", 10, 0)]
    [InlineData("webhook", "c0ffee", -10, 600)]
    public async Task A_webhook_and_what_came_of_it_is_late_once_it_is_due(string kind, string key, int dueMinutes, long lagSeconds)
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.RowsAsync($"""
            insert into ledger.inbox_items (id, tenant, kind, source, key, status, next_attempt_at, received_at, correlation_id)
            values (gen_random_uuid(), 'acme', '{kind}', 'fax-main', '{key}', 'failed', '2026-10-05 12:00+00'::timestamptz + interval '{dueMinutes} minutes', '2026-10-05 10:00+00', 'spec')
            """);

        var lag = (await ledger.Get<CollectingLag>().OfAsync("acme", default)).ShouldHaveSingleItem();

        (lag.WebhookLagSeconds, string.Join(',', lag.Alarms)).ShouldBe((lagSeconds, lagSeconds > 0 ? "webhooks" : ""));
    }

    [Fact]
    public async Task What_waits_for_its_next_try_is_not_waiting_for_a_worker()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.RowsAsync("""
            insert into ledger.inbox_items (id, tenant, kind, source, key, status, next_attempt_at, received_at, correlation_id)
            values (gen_random_uuid(), 'acme', 'fetch', 'fax-main', 'k', 'failed', now() + interval '10 minutes', now() - interval '5 hours', 'spec')
            """);
        var reads = new StateReads(ledger.Database, ledger.Get<CollectingLag>(), ledger.Get<Readiness>());

        (await reads.ReadAsync(default)).InboxAge.ShouldBe(TimeSpan.Zero);

        await ledger.RowsAsync("update ledger.inbox_items set next_attempt_at = now() - interval '20 minutes'");
        (await reads.ReadAsync(default)).InboxAge.ShouldBeInRange(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(25));
    }

    /// <summary>A vendor that is down makes items wait for their next try nearly always: neither their number nor how long they are due tells since when.</summary>
    [Theory]
    [InlineData("status = 'failed', attempts = 6", 300)]
    [InlineData("status = 'running', attempts = 7, lease_until = now()", 300)]
    [InlineData("status = 'running', attempts = 1, lease_until = now()", 0)]
    [InlineData("status = 'queued', attempts = 0", 0)]
    [InlineData("status = 'done', attempts = 7", 0)]
    public async Task What_keeps_failing_is_told_by_its_age_while_it_waits_and_while_it_is_tried(string state, int ageMinutes)
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.RowsAsync("""
            insert into ledger.inbox_items (id, tenant, kind, source, key, status, next_attempt_at, received_at, correlation_id)
            values (gen_random_uuid(), 'acme', 'fetch', 'fax-main', 'k', 'queued', now() + interval '40 minutes', now() - interval '5 hours', 'spec')
            """);
        await ledger.RowsAsync($"update ledger.inbox_items set {state}");

        var told = await new StateReads(ledger.Database, ledger.Get<CollectingLag>(), ledger.Get<Readiness>()).ReadAsync(default);

        told.InboxFailing.ShouldBeInRange(TimeSpan.FromMinutes(ageMinutes), TimeSpan.FromMinutes(ageMinutes + 5));
    }
}
