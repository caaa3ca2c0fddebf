using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using UsageLedger.Collecting.Sources;
using UsageLedger.Coverage;
using UsageLedger.Host.Telemetry;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Telemetry;

/// <summary>What one source's figures come to grief over hides no other's.</summary>
public sealed class CoverageWatchSpecs
{
    private static readonly Instant Now = Instant.FromUtc(2026, 10, 5, 12, 0);

    private const string Sources = """
        insert into read.captured_sources (tenant_id, source_id, provider, since_at)
        select 'acme', 'fax-' || to_char(n, 'FM0000'), 'fax', timestamptz '2026-10-05 00:00+00' from generate_series(1, 501) n
        union all select 'zenith', 'voice', 'voice', '2026-10-05 00:00+00'
        """;

    private const string Held = """
        insert into read.coverage_hours (tenant_id, source_id, hour, proven_to, listed)
        select 'acme', 'fax-' || to_char(n, 'FM0000'), h, h + interval '1 hour', 0
        from generate_series(1, 500) n cross join generate_series(timestamptz '2026-10-05 00:00+00', '2026-10-05 11:00+00', interval '1 hour') h
        """;

    /// <summary>No number that fits is the sum of these.</summary>
    private const string Unreadable = """
        insert into read.captured_hours (tenant_id, source, metric, hour, currency, pushed, polled, cost)
        values ('acme', 'fax-0001', 'fax', '2026-10-05 01:00+00', 'USD', 1e30, 0, 0)
        """;

    private const string Totals = """
        insert into read.vendor_totals (tenant_id, source_id, day, line, category, metric, records, currency, as_of)
        select 'acme', 'fax-0001', '2026-10-05', n, 'c', 'call', 9000000000000000000, 'USD', '2026-10-06 00:00+00' from generate_series(1, 3) n
        """;

    [Fact]
    public async Task A_look_goes_on_where_the_one_before_stopped_and_past_what_cannot_be_read()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.DoAsync(Sources);
        await log.DoAsync(Held);
        await log.DoAsync(Unreadable);
        var watch = new CoverageWatch(log.Database, ProviderCatalogue.Whole, new SpecClock { Now = Now }, NullLogger<CoverageWatch>.Instance);

        var first = await watch.LookAsync(default);
        var seen = new Dictionary<string, decimal>(first);
        await SpecLog.UntilAsync(async () => (seen = new(await watch.LookAsync(default))).ContainsKey("voice"), "all sources were looked at");

        first.Keys.ShouldNotContain("voice");
        seen.ShouldBe(new Dictionary<string, decimal> { ["fax"] = 0, ["voice"] = 0 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Totals_that_no_number_holds_together_are_read_as_very_many()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.DoAsync(Sources);
        await log.DoAsync(Totals);

        var page = await ReadCoverageHandler.Handle(
            new ReadCoverage("acme", "fax-0001", Now - Duration.FromDays(1), Now, Now, null, 1), log.Database, ProviderCatalogue.Whole, default);

        page.Sources.ShouldHaveSingleItem().Days.ShouldHaveSingleItem().Metrics.ShouldHaveSingleItem().Expected.ShouldBe(1_000_000_000_000);
    }
}
