using System.Globalization;
using Npgsql;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>What is left of what was acknowledged, when all is over: counted, not judged.</summary>
internal static class Aftermath
{
    private const string SelectUsage = """
        select seq_id, id::text, data ->> 'idempotencyKey' from ledger.mt_events
        where type = 'usage_recorded' and data ->> 'idempotencyKey' like 'crash-%'
        """;

    private const string CountGaps = """
        select (select coalesce(max(seq_id), 0) - count(*) from ledger.mt_events)
            + (select abs(position - (select count(*) from ledger.mt_events)) from ledger.log_head)
            + (select count(*) from (
                select from ledger.mt_events group by tenant_id, stream_id
                having count(*) <> max(version) or count(distinct version) <> max(version)) s)
        """;

    private const string CountBackwards = """
        select count(*) from (
            select timestamp < lag(timestamp) over (order by seq_id) as is_back, version <= lag(version) over (partition by tenant_id, stream_id order by seq_id) as is_lower
            from ledger.mt_events) e
        where is_back or is_lower
        """;

    /// <summary>What the database holds.</summary>
    public static async Task CountAsync(FaultFigures figures, LoadBook book, string connectionString)
    {
        await using var database = new NpgsqlDataSourceBuilder(connectionString) { ConnectionStringBuilder = { CommandTimeout = 600 } }.Build();
        var (events, there, kept) = (0L, new HashSet<int>(), 0L);
        await using (var select = database.CreateCommand(SelectUsage))
        await using (var reader = await select.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                events++;
                var index = int.Parse(reader.GetString(2).AsSpan(LoadBook.KeyPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);
                there.Add(index);
                if (book.Known.TryGetValue(index, out var told) && told == new Acknowledged(reader.GetString(1), reader.GetInt64(0)))
                    kept++;
            }
        }

        book.Into(figures);
        figures.Lost += book.Known.Count - kept;
        figures.Doubled += events - there.Count;
        figures.Gaps += await AskAsync(database, CountGaps);
        figures.OutOfOrder += await AskAsync(database, CountBackwards);
    }

    /// <summary>What the verbs find: the log's proof, and each read model beside one made anew.</summary>
    public static async Task CheckAsync(FaultFigures figures, LedgerProgram program)
    {
        figures.Whole &= (await program.RunAsync("verify", "--json")).Json["whole"]!.GetValue<bool>();
        var rebuilt = (await program.RunAsync("projections", "rebuild", "all", "--verify", "--json")).Json["projections"]!.AsArray();
        rebuilt.Count.ShouldBe(Host.LedgerServices.Projections.Count);
        figures.DifferingRows += rebuilt.Sum(one => one!["differences"]!.GetValue<long>());
        figures.Examples.AddRange(rebuilt.SelectMany(one => one!["examples"]!.AsArray()).Select(example => $"{example}"));
    }

    private static async Task<long> AskAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
