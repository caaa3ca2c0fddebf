using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Replaying;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Replaying;

/// <summary>What an audit says of events that are gone from a client's streams, or from their place in them.</summary>
public sealed class MissingEventSpecs
{
    private const string Last = "(select version from ledger.mt_streams s where s.tenant_id = e.tenant_id and s.id = e.stream_id)";

    [Theory]
    [InlineData("client-contoso", 1)]
    [InlineData("client-contoso", 3)]
    [InlineData("registration-contoso", 1)]
    public async Task The_end_of_a_stream_deleted_by_SQL_is_named(string stream, int events)
    {
        await using var books = await Eventful.OpenAsync();
        await books.ArriveAsync();
        var version = await books.Log.AskAsync<long>($"select max(version) from ledger.mt_events where stream_id = '{stream}'");
        await books.Log.DoAsync($"delete from ledger.mt_events e where stream_id = '{stream}' and version > {Last} - {events}");

        var audit = await books.AuditAsync("2026-08");

        audit.Differences.Where(one => one.Kind == AuditDifference.EventMissing).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            missing => missing.At.ShouldBe($"{stream}, at its end"), missing => missing.Log.ShouldBe($"version {version - events + 1}"), missing => missing.Found.ShouldBeNull());
    }

    [Theory]
    [InlineData("version = 3", 1_000_000_000)]
    [InlineData($"version = {Last}", 1_000_000_000)]
    [InlineData("version = 3", -5)]
    [InlineData("version = 3", 0)]
    public async Task An_event_that_was_moved_out_of_the_log_by_SQL_is_named_and_what_follows_is_read(string which, long position)
    {
        await using var books = await Eventful.OpenAsync();
        var untouched = await books.AuditAsync("2026-08");
        await books.Log.DoAsync($"update ledger.mt_events e set seq_id = {position} where stream_id = 'client-contoso' and {which}");

        var audit = await books.AuditAsync("2026-08");

        audit.Differences.ShouldContain(one => one.Kind == AuditDifference.EventChanged && one.At == $"position {position}");
        audit.Differences.ShouldNotContain(one => one.Kind == AuditDifference.EventMissing);
        audit.EventsRead.ShouldBe(untouched.EventsRead - 1);
    }

    [Fact]
    public async Task What_came_after_the_position_of_an_audit_is_not_missed_and_what_was_deleted_before_it_is()
    {
        await using var books = await OpenAsync();
        foreach (var key in new[] { "1", "2", "3" })
            await books.RecordAsync(Usage(key, "2026-08-02T10:00:00Z", 10m, 1m));
        (await books.AuditAsync("2026-08", asOf: 2)).Holds.ShouldBeTrue();

        await books.Log.DoAsync("delete from ledger.mt_events where version = 2");

        (await books.AuditAsync("2026-08", asOf: 1)).Differences.Concat((await books.AuditAsync("2026-08", asOf: 2)).Differences)
            .Select(one => $"{one.Kind} {one.Log}").ShouldBe(["event_missing version 2", "event_missing version 2"]);
    }
}
