using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>The log is read in order, page by page, and each tenant finds only its own.</summary>
public sealed class ReadingSpecs
{
    private const int Pages = 2 * LogReader.PageEvents;

    [Fact]
    public async Task An_event_is_read_as_it_was_appended()
    {
        await using var log = await SpecLog.OpenAsync();
        var data = Appends.Json("""{"a":{"z":"1"},"quantity":"0.10","text":"é\n\"漢"}""");
        log.Clock.Now += Duration.FromTicks(1234560);

        await log.Appender().AppendAsync(Appends.Of(new AppendItem(Appends.Id("a"), Appends.Event("a") with { Data = data })) with { CorrelationId = "c1" }, default);

        (await log.Reader.AtAsync("acme", 1, default)).ShouldBe(
            new StoredEvent(1, Appends.Id("a"), "acme", "s", 1, "usage_recorded", log.Clock.Now, "c1", data));
    }

    [Fact]
    public async Task A_range_is_read_whole_over_many_pages_and_ends_where_it_is_told()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(Appends.Many("k", Pages + 7), default);

        (await log.HeadAsync()).ShouldBe(Pages + 7);
        await ShouldBeAsync(log.Reader.RangeAsync(0, Pages + 7, default), 1, Pages + 7);
        await ShouldBeAsync(log.Reader.RangeAsync(0, Pages, default), 1, Pages);
        await ShouldBeAsync(log.Reader.RangeAsync(3, 5, default), 4, 5);
        await ShouldBeAsync(log.Reader.RangeAsync(Pages + 7, Pages + 99, default), 1, 0);
    }

    [Fact]
    public async Task A_stream_is_read_by_version_whatever_lies_between()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(
            Appends.Of([.. Enumerable.Range(0, Pages + 10).Select(i => Appends.Item(FormattableString.Invariant($"k{i}"), i % 2 == 0 ? "even" : "odd"))]), default);

        var odd = await log.Reader.StreamAsync("acme", "odd", 0, default).ToListAsync();

        odd.Select(stored => stored.Version).ShouldBe(Enumerable.Range(1, LogReader.PageEvents + 5).Select(i => (long)i));
        odd.ShouldAllBe(stored => stored.Position == 2 * stored.Version);
        (await log.Reader.StreamAsync("acme", "odd", 1_003, default).Select(stored => stored.Version).ToListAsync()).ShouldBe([1_004, 1_005]);
        (await log.Reader.StreamAsync("globex", "odd", 0, default).CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Events_of_rarer_types_are_read_in_order_over_many_pages()
    {
        await using var log = await SpecLog.OpenAsync();
        string[] types = ["client_registered", "usage_recorded", "cycle_closed"];
        await log.Appender().AppendAsync(
            Appends.Of([.. Enumerable.Range(0, 3 * 600).Select(i => Appends.Item(FormattableString.Invariant($"k{i}"), type: types[i % 3]))]), default);

        var both = await log.Reader.TypesAsync(["client_registered", "cycle_closed"], 0, 1_800, default).Select(stored => stored.Position).ToListAsync();

        both.ShouldBe(Enumerable.Range(1, 1_800).Where(i => i % 3 != 2).Select(i => (long)i));
        (await log.Reader.TypesAsync(["cycle_closed"], 3, 9, default).Select(stored => stored.Position).ToListAsync()).ShouldBe([6, 9]);
    }

    [Fact]
    public async Task Events_about_one_are_read_in_order_over_many_pages()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Appends.Of(Appends.Item("a"), Appends.Item("b")), default);
        await appender.AppendAsync(Appends.Of([.. Enumerable.Range(0, 1_001).Select(i =>
            Appends.About("a", _ => new Decision("revised", Appends.Event(FormattableString.Invariant($"a{i}"), about: "a"))))]), default);

        await ShouldBeAsync(log.Reader.AboutAsync("acme", Appends.Id("a"), default), 3, 1_003);
        (await log.Reader.AboutAsync("acme", Appends.Id("b"), default).CountAsync()).ShouldBe(0);
        (await log.Reader.AboutAsync("globex", Appends.Id("a"), default).CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_tenant_finds_its_own_event_and_no_other()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(Appends.Of(Appends.Item("a")), default);

        (await log.Reader.FindAsync("acme", Appends.Id("a"), default))!.Position.ShouldBe(1);
        (await log.Reader.FindAsync("globex", Appends.Id("a"), default)).ShouldBeNull();
        (await log.Reader.FindAsync("acme", Appends.Id("none"), default)).ShouldBeNull();
        (await log.Reader.AtAsync("globex", 1, default)).ShouldBeNull();
        (await log.Reader.AtAsync("acme", 2, default)).ShouldBeNull();
    }

    private static async Task ShouldBeAsync(IAsyncEnumerable<StoredEvent> events, int first, int last) =>
        (await events.Select(stored => stored.Position).ToListAsync()).ShouldBe(Enumerable.Range(first, last - first + 1).Select(i => (long)i));
}
