using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Verifying;

/// <summary>A row that is changed, moved, removed or added behind the ledger's back is found, named, and nothing else is blamed.</summary>
[Collection(nameof(TamperedLog))]
public sealed class RowTamperingSpecs(TamperedLog log, ITestOutputHelper output)
{
    public static TheoryData<string> Changes => new(
    [
        "data = jsonb_set(data, '{quantity}', '\"1\"')",
        "data = jsonb_set(data, '{spare}', '\"1\"')",
        "data = jsonb_set(data, '{spare}', '1')",
        "data = data - 'unit' - 'current' - 'name'",
        "data = '{}'",
        "data = '[]'",
        "data = 'null'",
        "id = gen_random_uuid()",
        "type = 'cycle_closed'",
        "type = 'usage_adjusted'",
        "tenant_id = 'intruder'",
        "tenant_id = null",
        "stream_id = 'client-nobody'",
        "stream_id = null",
        "stream_id = 'client-client1', version = 90000",
        "version = version + 10000",
        "version = -version",
        "timestamp = timestamp + interval '1 microsecond'",
        "timestamp = timestamp - interval '1 day'",
        "timestamp = 'infinity'",
        "timestamp = '-infinity'",
        "timestamp = '4000-01-01 BC'",
        "timestamp = '20000-01-01'",
        "correlation_id = 'another'",
        "correlation_id = null",
        "correlation_id = ''",
        "causation_id = 'because'",
        "headers = '{}'",
        "bdata = ''",
        "mt_dotnet_type = 'Some.Type'",
        "is_archived = true",
        "is_archived = null",
        "data = (repeat('[', 100) || repeat(']', 100))::jsonb",
        "data = jsonb_build_object('long', repeat('x', 100000))",
    ]);

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_changed_row_is_found(string change)
    {
        var position = Seeds.Draw(output).NextInt64(1, log.Size + 1);
        await using var copy = await log.CopyAsync();

        (await copy.DoAsync($"update ledger.mt_events set {change} where seq_id = $1", position)).ShouldBe(1);

        await ShouldFindAsync(copy, (position, "entry_changed"));
    }

    [Fact]
    public async Task A_single_changed_digit_is_found()
    {
        var random = Seeds.Draw(output);
        for (var i = 0; i < 6; i++)
        {
            await using var copy = await log.CopyAsync();
            var position = random.NextInt64(1, log.Size + 1);
            var text = (await copy.AskAsync<string>("select data::text from ledger.mt_events where seq_id = $1", position)).ToCharArray();
            var digits = Enumerable.Range(0, text.Length).Where(at => char.IsAsciiDigit(text[at])).ToList();
            var digit = digits[random.Next(digits.Count)];
            text[digit] = (char)('0' + ((text[digit] - '0' + 1 + random.Next(9)) % 10));

            await copy.DoAsync("update ledger.mt_events set data = $2::text::jsonb where seq_id = $1", position, new string(text));

            await ShouldFindAsync(copy, (position, "entry_changed"));
        }
    }

    [Fact]
    public async Task A_removed_row_is_found()
    {
        var random = Seeds.Draw(output);
        foreach (var position in new[] { 1, log.Size, random.NextInt64(2, log.Size), random.NextInt64(2, log.Size) })
        {
            await using var copy = await log.CopyAsync();

            await copy.DoAsync("delete from ledger.mt_events where seq_id = $1", position);

            await ShouldFindAsync(copy, (position, "missing"));
        }
    }

    [Fact]
    public async Task A_removed_range_is_found_row_by_row()
    {
        var first = Seeds.Draw(output).NextInt64(1, log.Size - 600);
        await using var copy = await log.CopyAsync();

        await copy.DoAsync("delete from ledger.mt_events where seq_id between $1 and $1 + 599", first);

        await ShouldFindAsync(copy, [.. Enumerable.Range(0, 600).Select(i => (first + i, "missing"))]);
    }

    [Theory]
    [InlineData("update ledger.mt_events set seq_id = case seq_id when $1 then $2 else $1 end where seq_id in ($1, $2)")]
    [InlineData("update ledger.mt_events e set data = o.data from ledger.mt_events o where e.seq_id in ($1, $2) and o.seq_id = $1 + $2 - e.seq_id")]
    [InlineData("update ledger.mt_events e set data = o.data, type = o.type, correlation_id = o.correlation_id, timestamp = o.timestamp from ledger.mt_events o where e.seq_id in ($1, $2) and o.seq_id = $1 + $2 - e.seq_id")]
    public async Task Two_swapped_rows_are_found(string swap)
    {
        var random = Seeds.Draw(output);
        await using var copy = await log.CopyAsync();
        await copy.DoAsync("alter table ledger.mt_events drop constraint pkey_mt_events_seq_id");
        var (one, other) = await DifferingAsync(copy, random);

        (await copy.DoAsync(swap, one, other)).ShouldBe(2);

        await ShouldFindAsync(copy, (one, "swapped"), (other, "swapped"));
    }

    [Fact]
    public async Task A_row_moved_away_is_found_at_both_places()
    {
        var position = Seeds.Draw(output).NextInt64(1, log.Size + 1);
        await using var copy = await log.CopyAsync();

        await copy.DoAsync("update ledger.mt_events set seq_id = 1000000 where seq_id = $1", position);

        await ShouldFindAsync(copy, (position, "missing"), (1_000_000, "inserted"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-7)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(long.MaxValue / 2)]
    public async Task An_added_row_is_found(long place)
    {
        var position = place > 0 ? log.Size + place : place;
        await using var copy = await log.CopyAsync();

        await copy.DoAsync(Insert, position, Seeds.Draw(output).NextInt64(1, log.Size + 1));

        await ShouldFindAsync(copy, (position, "inserted"));
    }

    [Fact]
    public async Task A_second_row_at_a_position_is_found_where_the_key_was_dropped()
    {
        var position = Seeds.Draw(output).NextInt64(1, log.Size + 1);
        await using var copy = await log.CopyAsync();
        await copy.DoAsync("alter table ledger.mt_events drop constraint pkey_mt_events_seq_id");

        await copy.DoAsync(Insert, position, position);

        (await copy.DamagedAsync(log.Options)).ShouldContain((position, "inserted"));
    }

    private const string Insert = """
        insert into ledger.mt_events (seq_id, id, tenant_id, stream_id, version, type, timestamp, correlation_id, data)
        select $1, gen_random_uuid(), tenant_id, 'client-added', 1, type, timestamp, correlation_id, data from ledger.mt_events where seq_id = $2
        """;

    private static async Task<(long One, long Other)> DifferingAsync(LogCopy copy, Random random)
    {
        while (true)
        {
            var (one, other) = (random.NextInt64(1, 2_000), random.NextInt64(1, 2_000));
            if (one != other && await copy.AskAsync<bool>("select count(distinct data) = 2 from ledger.mt_events where seq_id in ($1, $2)", one, other))
                return (one, other);
        }
    }

    private async Task ShouldFindAsync(LogCopy copy, params (long, string)[] expected)
    {
        (await copy.DamagedAsync(log.WithoutKept)).ShouldBe(expected.OrderBy(found => found.Item1));
        (await copy.DamagedAsync(log.Options)).ShouldBe(expected.OrderBy(found => found.Item1));
    }
}
