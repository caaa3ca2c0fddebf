namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>The log's own lists: where the rarer types stand, and which events are about which.</summary>
public sealed class OwnListsSpecs
{
    [Fact]
    public async Task Each_event_of_a_rarer_type_is_listed_and_none_of_a_bulk_type()
    {
        await using var log = await SpecLog.OpenAsync();

        await log.Groups().RunAsync(
        [
            Appends.Of(Appends.Item("a"), Appends.Item("b", type: "client_registered"), Appends.Item("c", type: "usage_voided")),
            Appends.Of(Appends.Item("d", type: "cycle_closed"), Appends.Item("b", type: "client_registered"), Appends.Item("e", type: "client_registered")),
        ]);

        (await log.RowsAsync("select type, seq_id from ledger.log_types order by 1, 2")).ShouldBe(["client_registered 2", "client_registered 5", "cycle_closed 4"]);
    }

    [Fact]
    public async Task Each_event_about_another_is_listed_under_it()
    {
        await using var log = await SpecLog.OpenAsync();
        var groups = log.Groups();
        await groups.RunAsync([Appends.Of(Appends.Item("a"), Appends.Item("b"))]);

        await groups.RunAsync(
        [
            Appends.Of(Appends.About("b", _ => new("revised", Appends.Event("b2", about: "b"), Appends.Event("b3", "other", about: "b")))),
            Appends.Of(Appends.About("a", _ => new("voided", Appends.Event("a2", about: "a")))),
        ]);

        (await log.RowsAsync("select e.data ->> 'key', s.seq_id from ledger.log_subjects s join ledger.mt_events e on e.id = s.subject order by 2"))
            .ShouldBe(["b 3", "b 4", "a 5"]);
    }
}
