using System.Globalization;
using UsageLedger.EventLog.Verifying;

namespace UsageLedger.IntegrationSpecs.Verifying;

public sealed class TamperingSpecs(TamperedLog log) : IClassFixture<TamperedLog>
{
    private const int RandomEdits = 24;

    [Fact]
    public async Task An_untouched_copy_is_whole()
    {
        var outcome = await log.AfterAsync("select 1");

        outcome.Damaged.ShouldBeEmpty();
        outcome.Whole.ShouldBeTrue();
        outcome.Events.ShouldBe(log.Size);
    }

    [Theory]
    [InlineData("update ledger.mt_events set data = jsonb_set(data, '{quantity}', '\"2\"') where seq_id = 311")]
    [InlineData("update ledger.mt_events set data = data || '{\"extra\":\"1\"}' where seq_id = 311")]
    [InlineData("update ledger.mt_events set type = 'usage_recorded2' where seq_id = 311")]
    [InlineData("update ledger.mt_events set tenant_id = 'other' where seq_id = 311")]
    [InlineData("update ledger.mt_events set stream_id = 'client-else' where seq_id = 311")]
    [InlineData("update ledger.mt_events set \"timestamp\" = \"timestamp\" + interval '1 microsecond' where seq_id = 311")]
    [InlineData("update ledger.mt_events set correlation_id = null where seq_id = 311")]
    [InlineData("update ledger.mt_events set id = gen_random_uuid() where seq_id = 311")]
    [InlineData("update ledger.mt_events set version = version + 1000 where seq_id = 311")]
    [InlineData("update ledger.mt_events set is_archived = true where seq_id = 311")]
    [InlineData("update ledger.mt_events set is_archived = null where seq_id = 311")]
    [InlineData("update ledger.mt_events set headers = '{\"a\":\"b\"}' where seq_id = 311")]
    public async Task A_changed_row_is_found_at_its_position(string edit) => await ShouldNameAsync(edit, 311, "entry_changed");

    [Fact]
    public async Task A_deleted_row_is_missing_at_its_position() => await ShouldNameAsync("delete from ledger.mt_events where seq_id = 311", 311, "missing");

    [Fact]
    public async Task Rows_that_changed_places_are_told_as_that()
    {
        const string Swap = """
            update ledger.mt_events set seq_id = -1 where seq_id = 200;
            update ledger.mt_events set seq_id = 200 where seq_id = 311;
            update ledger.mt_events set seq_id = 311 where seq_id = -1;
            """;
        await ShouldNameAsync(Swap, 200, "swapped");
        await ShouldNameAsync(Swap, 311, "swapped");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task A_row_outside_the_positions_is_inserted(long position) => await ShouldNameAsync(
        $"""
        insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, is_archived)
        values ({position.ToString(CultureInfo.InvariantCulture)}, gen_random_uuid(), 'client-client-1', 90000, '{"{}"}', 'usage_recorded', 'acme', false)
        """,
        position, "inserted");

    [Theory]
    [InlineData("update ledger.log_tiles set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) where level = 0 and index = 1", 257)]
    [InlineData("delete from ledger.log_tiles where level = 0 and index = 1", 257)]
    [InlineData("update ledger.log_tiles set hashes = substr(hashes, 1, 64) where level = 0 and index = 1", 257)]
    [InlineData("update ledger.log_tiles set hashes = set_byte(hashes, 3, get_byte(hashes, 3) # 1) where level = 1 and index = 0", 1)]
    public async Task A_changed_tile_is_found_where_it_begins(string edit, long position) => await ShouldNameAsync(edit, position, "tile_changed");

    [Theory]
    [InlineData("update ledger.mt_streams set version = version + 1 where id = 'client-client-1'")]
    [InlineData("delete from ledger.mt_streams where id = 'client-client-1'")]
    public async Task A_changed_stream_is_found(string edit)
    {
        var outcome = await log.AfterAsync(edit);

        outcome.Damaged.ShouldContain(damage => damage.Kind == DamageKind.StreamChanged);
    }

    [Theory]
    [InlineData("delete from ledger.log_subjects where seq_id = (select max(seq_id) from ledger.log_subjects)")]
    [InlineData("delete from ledger.log_types")]
    public async Task A_correction_taken_off_the_lists_is_found(string edit) =>
        (await log.AfterAsync(edit)).Whole.ShouldBeFalse();

    [Fact]
    public async Task A_tail_rolled_back_with_all_its_traces_is_found_by_a_head_kept_elsewhere()
    {
        const string RollBack = """
            delete from ledger.log_types;
            delete from ledger.mt_streams where id = 'registration-spec';
            delete from ledger.mt_events where seq_id = (select position from ledger.log_head);
            update ledger.log_head set position = position - 1;
            delete from ledger.log_checkpoints where size > (select position from ledger.log_head);
            """;
        var outcome = await log.AfterAsync(RollBack);

        outcome.Damaged.ShouldContain(damage => damage.Position == log.Size && damage.Kind == DamageKind.CheckpointMismatch);
    }

    [Theory]
    [InlineData("update ledger.log_checkpoints set note = replace(note, E'\\n300\\n', E'\\n299\\n') where size = 300")]
    [InlineData("update ledger.log_keys set public_key = 'none'")]
    [InlineData("delete from ledger.log_keys")]
    public async Task Changed_heads_and_keys_are_found(string edit)
    {
        var outcome = await log.AfterAsync(edit);

        outcome.Damaged.ShouldContain(damage => damage.Kind == DamageKind.CheckpointMismatch);
    }

    [Fact]
    public async Task Every_random_edit_of_one_row_is_found_at_its_position()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < RandomEdits; i++)
        {
            var position = random.NextInt64(1, TamperedLog.Usages + 1);
            var row = position.ToString(CultureInfo.InvariantCulture);
            var (edit, kind) = random.Next(3) switch
            {
                0 => ($"delete from ledger.mt_events where seq_id = {row}", "missing"),
                1 => ($"update ledger.mt_events set data = jsonb_set(data, '{{idempotencyKey}}', '\"x\"') where seq_id = {row}", "entry_changed"),
                _ => ($"update ledger.mt_events set data = jsonb_set(data, '{{cost}}', '\"0.1{random.Next(1, 10)}\"') where seq_id = {row}", "entry_changed"),
            };
            var outcome = await log.AfterAsync(edit, withKept: false);
            outcome.Damaged.ShouldContain(damage => damage.Position == position && damage.KindName == kind, $"seed {seed}: {edit}");
        }
    }

    private async Task ShouldNameAsync(string edit, long position, string kind)
    {
        var outcome = await log.AfterAsync(edit);

        outcome.Whole.ShouldBeFalse();
        outcome.Damaged.ShouldContain(damage => damage.Position == position && damage.KindName == kind, string.Join("; ", outcome.Damaged));
    }
}
