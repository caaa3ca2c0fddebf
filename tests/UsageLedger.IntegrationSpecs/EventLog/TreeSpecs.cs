using UsageLedger.EventLog.Appending;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>The tiles in the database are those of the tree over the rows.</summary>
public sealed class TreeSpecs
{
    [Fact]
    public async Task The_tree_grows_group_by_group_across_tiles_and_processes()
    {
        await using var log = await SpecLog.OpenAsync();
        var groups = new[] { log.Groups("one"), log.Groups("other") };
        var appended = 0;

        foreach (var size in new[] { 1, 2, 250, 3, 0, 256, 511, 1, 700 })
        {
            await groups[appended % 2].RunAsync([Appends.Many("k", size, from: appended)]);
            appended += size;
            await Tree.ShouldBeWholeAsync(log);
        }
    }

    [Fact]
    public async Task A_new_process_goes_on_from_the_tiles_and_over_the_second_level()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Groups("first").RunAsync([.. Enumerable.Range(0, 8).Select(i => Appends.Many("k", 8_190, "s" + i, i * 8_190))]);
        var second = log.Groups("second");

        await second.RunAsync([Appends.Many("k", 15, from: 65_520)]);
        await second.RunAsync([Appends.Many("k", 1, from: 65_535)]);
        await log.Groups("third").RunAsync([Appends.Many("k", 300, from: 65_536)]);

        (await log.RowsAsync("select level, count(*), sum(length(hashes)) / 32 from ledger.log_tiles group by 1 order by 1"))
            .ShouldBe(["0 258 65836", "1 2 257", "2 1 1"]);
        await Tree.ShouldBeWholeAsync(log);
    }

    [Fact]
    public async Task Entries_hold_every_character_that_the_rows_do()
    {
        await using var log = await SpecLog.OpenAsync();
        var odd = Appends.Event("odd", stream: "s-é漢😀\"\\") with { Data = Appends.Json("""{"":"","a":{"b":["x","é","😀"]},"ключ":"\b\u0001\"\\"}""") };

        await log.Appender().AppendAsync(Appends.Of(new AppendItem(odd.Id, odd)) with { CorrelationId = "c-\"ü\"" }, default);

        (await log.Reader.AtAsync("acme", 1, default))!.Data.ShouldBe(odd.Data);
        await Tree.ShouldBeWholeAsync(log);
    }
}
