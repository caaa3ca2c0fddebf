using System.Globalization;
using NodaTime;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>One order, no gaps.</summary>
public sealed class OrderSpecs
{
    private const string Gaps = "select count(*) from (select seq_id, row_number() over (order by seq_id) as n from ledger.mt_events) e where seq_id <> n";

    private const string VersionGaps = """
        select count(*) from (
            select version, row_number() over (partition by tenant_id, stream_id order by seq_id) as n from ledger.mt_events) e
        where version <> n
        """;

    private const string StreamsBehind = """
        select count(*)
        from (select tenant_id, stream_id, max(version) as highest, min(timestamp) as first, max(timestamp) as last from ledger.mt_events group by 1, 2) e
        full join ledger.mt_streams s on s.tenant_id = e.tenant_id and s.id = e.stream_id
        where s.version is distinct from e.highest or s.created is distinct from e.first or s.timestamp is distinct from e.last
        """;

    [Fact]
    public async Task Positions_and_versions_are_dense_under_many_callers_of_two_processes()
    {
        await using var log = await SpecLog.OpenAsync();
        var appenders = new[] { log.Appender("one"), log.Appender("other") };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => appenders[i % 2].AppendAsync(
            Appends.Of([.. Enumerable.Range(0, 1 + i % 7).Select(j => Appends.Item(Key(i, j), Stream(i + j)))]), default))));

        var positions = outcomes.SelectMany(outcome => outcome.Positions()).Order().ToList();
        positions.ShouldBe(Enumerable.Range(1, positions.Count).Select(i => (long)i));
        (await log.HeadAsync()).ShouldBe(positions.Count);
        (await log.AskAsync<long>(Gaps)).ShouldBe(0);
        (await log.AskAsync<long>(VersionGaps)).ShouldBe(0);
        (await log.AskAsync<long>(StreamsBehind)).ShouldBe(0);
    }

    [Fact]
    public async Task A_request_keeps_its_order()
    {
        await using var log = await SpecLog.OpenAsync();

        var outcome = await log.Appender().AppendAsync(Appends.Many("k", 300), default);

        outcome.Positions().ShouldBe(Enumerable.Range(1, 300).Select(i => (long)i));
    }

    [Fact]
    public async Task Tenants_have_streams_of_their_own_in_the_one_order()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();

        await appender.AppendAsync(Appends.Of(Appends.Item("a")), default);
        await appender.AppendAsync(new AppendRequest("globex", "spec", [Appends.Item("a", tenant: "globex")]), default);

        (await log.RowsAsync("select seq_id, tenant_id, stream_id, version from ledger.mt_events order by seq_id")).ShouldBe(["1 acme s 1", "2 globex s 1"]);
    }

    [Fact]
    public async Task Time_never_goes_back_although_the_clock_does()
    {
        await using var log = await SpecLog.OpenAsync();
        var start = log.Clock.Now;
        var one = log.Appender();

        await one.AppendAsync(Appends.Of(Appends.Item("a")), default);
        log.Clock.Now = start - Duration.FromHours(1);
        await one.AppendAsync(Appends.Of(Appends.Item("b")), default);
        await log.Appender("other").AppendAsync(Appends.Of(Appends.Item("c")), default);
        log.Clock.Now = start + Duration.FromTicks(15);
        await one.AppendAsync(Appends.Of(Appends.Item("d")), default);

        var events = await log.Reader.RangeAsync(0, 4, default).Select(stored => stored.RecordedAt).ToListAsync();
        events.ShouldBe([start, start, start, start + Duration.FromTicks(10)]);
    }

    [Fact]
    public async Task An_empty_request_appends_nothing()
    {
        await using var log = await SpecLog.OpenAsync();

        (await log.Appender().AppendAsync(Appends.Of(), default)).Items.ShouldBeEmpty();

        (await log.HeadAsync()).ShouldBe(0);
    }

    private static string Key(int request, int item) => string.Create(CultureInfo.InvariantCulture, $"{request}/{item}");

    private static string Stream(int number) => string.Create(CultureInfo.InvariantCulture, $"stream-{number % 5}");
}
