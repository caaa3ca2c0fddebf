namespace UsageLedger.IntegrationSpecs.Verifying;

/// <summary>What stands beside the events, streams, lists and head, is checked as they are.</summary>
[Collection(nameof(TamperedLog))]
public sealed class BookkeepingTamperingSpecs(TamperedLog log)
{
    private const string LastOfStream = """
        select max(seq_id) from ledger.mt_events where tenant_id = 'acme' and stream_id = 'client-client2'
        """;

    [Theory]
    [InlineData("version = version + 1")]
    [InlineData("version = version - 1")]
    [InlineData("version = 0")]
    [InlineData("version = null")]
    [InlineData("is_archived = true")]
    [InlineData("is_archived = null")]
    [InlineData("timestamp = timestamp + interval '1 microsecond'")]
    [InlineData("created = created - interval '1 microsecond'")]
    [InlineData("timestamp = 'infinity'")]
    public async Task A_changed_stream_is_found_at_its_last_event(string change)
    {
        await using var copy = await log.CopyAsync();

        (await copy.DoAsync($"update ledger.mt_streams set {change} where tenant_id = 'acme' and id = 'client-client2'")).ShouldBe(1);

        (await copy.DamagedAsync(log.Options)).ShouldBe([(await copy.AskAsync<long>(LastOfStream), "stream_changed")]);
    }

    [Fact]
    public async Task A_removed_stream_is_found_at_its_last_event()
    {
        await using var copy = await log.CopyAsync();

        (await copy.DoAsync("delete from ledger.mt_streams where tenant_id = 'acme' and id = 'client-client2'")).ShouldBe(1);

        (await copy.DamagedAsync(log.Options)).ShouldBe([(await copy.AskAsync<long>(LastOfStream), "stream_changed")]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_stream_without_events_is_found(long version)
    {
        await using var copy = await log.CopyAsync();

        await copy.DoAsync("insert into ledger.mt_streams (tenant_id, id, version) values ('acme', 'client-none', $1)", version);

        (await copy.DamagedAsync(log.Options)).ShouldBe([(0L, "stream_changed")]);
    }

    [Theory]
    [InlineData("log_types", "delete from ledger.log_types where seq_id = $1")]
    [InlineData("log_types", "update ledger.log_types set type = 'cycle_closed' where seq_id = $1")]
    [InlineData("log_types", "insert into ledger.log_types select 'cycle_closed', seq_id from ledger.log_types where seq_id = $1")]
    [InlineData("log_subjects", "delete from ledger.log_subjects where seq_id = $1")]
    [InlineData("log_subjects", "update ledger.log_subjects set subject = (select id from ledger.mt_events where type = 'usage_recorded' limit 1) where seq_id = $1")]
    [InlineData("log_subjects", "update ledger.log_subjects set subject = gen_random_uuid() where seq_id = $1")]
    [InlineData("log_subjects", "insert into ledger.log_subjects select gen_random_uuid(), seq_id from ledger.log_subjects where seq_id = $1")]
    public async Task A_spoiled_list_is_found_at_the_event_it_should_name(string table, string change)
    {
        await using var copy = await log.CopyAsync();
        var position = await copy.AskAsync<long>($"select seq_id from ledger.{table} order by md5(seq_id::text) limit 1");

        (await copy.DoAsync(change, position)).ShouldBe(1);

        (await copy.DamagedAsync(log.Options)).ShouldBe([(position, "index_changed")]);
    }

    [Theory]
    [InlineData("insert into ledger.log_types values ('cycle_closed', $1)")]
    [InlineData("insert into ledger.log_subjects values (gen_random_uuid(), $1)")]
    public async Task A_list_that_names_too_much_is_found(string insert)
    {
        foreach (var position in new[] { 0, 17, log.Size, log.Size + 1, long.MaxValue })
        {
            await using var copy = await log.CopyAsync();
            if (await copy.AskAsync<bool>("select coalesce((select type <> 'usage_recorded' from ledger.mt_events where seq_id = $1), false)", position))
                continue;

            await copy.DoAsync(insert, position);

            (await copy.DamagedAsync(log.Options)).ShouldBe([(position, "index_changed")]);
        }
    }

    [Theory]
    [InlineData("position = position - 1", 0)]
    [InlineData("position = position - 700", -699)]
    [InlineData("position = position + 1", 1)]
    [InlineData("position = position + 100000", 1)]
    [InlineData("position = 0", null)]
    [InlineData("position = -5", null)]
    [InlineData("recorded_at = recorded_at + interval '1 microsecond'", 0)]
    [InlineData("recorded_at = 'infinity'", 0)]
    public async Task A_moved_head_is_found_where_it_goes_wrong(string change, int? fromTheEnd)
    {
        await using var copy = await log.CopyAsync();

        await copy.DoAsync($"update ledger.log_head set {change}");

        (await copy.DamagedAsync(log.Options)).ShouldBe([(fromTheEnd is { } back ? log.Size + back : 1, "head_changed")]);
    }

    [Fact]
    public async Task A_lost_head_is_found()
    {
        await using var copy = await log.CopyAsync();

        await copy.DoAsync("delete from ledger.log_head");

        (await copy.DamagedAsync(log.Options)).ShouldBe([(1L, "head_changed")]);
    }
}
