using System.Runtime.CompilerServices;
using NodaTime;
using Npgsql;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Matching;
using UsageLedger.Reporting;

namespace UsageLedger.Reconciling;

/// <summary>Reads what the ledger holds of an invoice's usage as of a position: from the log itself, so that the same position always gives the same.</summary>
internal static class LedgerSide
{
    /// <summary>It reads the log from the invoice's period on; whoever asks over HTTP has given up by then.</summary>
    private const int ReadingMaxSeconds = 15 * 60;

    /// <summary>$8: whether rows are told apart by the vendor's ids and resources.</summary>
    private const string Select = """
        select b.metric, b.unit, b.currency, case when $8 then b.resource_id end, case when $8 then b.native_id end, b.billed_metric, b.billed_unit,
               date_bin('15 minutes', b.occurred_at, 'epoch'), trim_scale(sum(b.sign * b.billed_quantity))::text,
               trim_scale(sum(b.sign * b.quantity))::text, trim_scale(coalesce(sum(b.sign * b.cost), 0))::text,
               sum(b.sign)::bigint, sum(b.sign * (b.cost is null)::integer)::bigint, b.failed_free
        from ledger.billed_usage($1, $2, $3, $4, $5, $6, $7) b
        group by 1, 2, 3, 4, 5, 6, 7, 8, b.failed_free
        """;

    public static async Task<UsageByLine> ReadAsync(NpgsqlDataSource database, string tenant, ProviderInvoice invoice, long position, int rule, CancellationToken ct)
    {
        var usage = new UsageByLine(invoice, rule);
        var (from, to) = (invoice.PeriodStart - PoolJudge.Beyond, invoice.PeriodEnd + PoolJudge.Beyond);
        await foreach (var row in RowsAsync(database, tenant, invoice, position, from, to, usage.WantsResources, ct))
        {
            usage.Add(row);
        }

        return usage;
    }

    /// <summary>The position after which everything is that can be of usage from this time on: it is recorded no earlier than a day before it occurs.</summary>
    internal static async Task<long> PlaceOfAsync(NpgsqlDataSource database, Instant from, long position, CancellationToken ct) =>
        await Auditing.PositionsInTime.FirstNotBeforeAsync(database, from - PartialQuarters.RecordedEarlierMax, position, ct) - 1;

    internal static NpgsqlParameter[] Parameters(string tenant, ProviderInvoice invoice, long after, long position, Instant from, Instant to) =>
    [
        new() { Value = tenant }, new() { Value = invoice.Provider },
        Columns.Of(invoice.SourceId),
        new() { Value = after }, new() { Value = position }, Columns.Of(from), Columns.Of(to),
    ];

    private static async IAsyncEnumerable<LedgerRow> RowsAsync(
        NpgsqlDataSource database, string tenant, ProviderInvoice invoice, long position, Instant from, Instant to, bool byResource,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var after = await PlaceOfAsync(database, from, position, ct);
        await using var select = database.CreateCommand(Select);
        select.CommandTimeout = ReadingMaxSeconds;
        select.Parameters.AddRange(Parameters(tenant, invoice, after, position, from, to));
        select.Parameters.Add(new() { Value = byResource });
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            yield return new LedgerRow(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetStringOrNull(3), reader.GetStringOrNull(4),
                reader.GetStringOrNull(5), reader.GetStringOrNull(6), Number(reader, 8), reader.GetInstant(7),
                new Figures(Number(reader, 9), Number(reader, 10), reader.GetInt64(11), reader.GetInt64(12)), reader.GetBoolean(13));
        }
    }

    /// <exception cref="OverflowException">It has more digits than there are.</exception>
    internal static decimal Number(NpgsqlDataReader reader, int at) => Numbers.Of(reader.GetString(at));
}
