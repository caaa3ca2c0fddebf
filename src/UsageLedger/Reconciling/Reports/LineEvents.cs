using NodaTime;
using Npgsql;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Matching;

namespace UsageLedger.Reconciling.Reports;

/// <summary>An event behind a line of a report, with what it adds to the line or takes from it: together they are the line's figures.</summary>
public sealed record LineEvent(
    long Position, Guid Id, string Type, string Source, string IdempotencyKey, string Metric, string? ResourceId, Instant OccurredAt, decimal Quantity,
    decimal Cost, int Records);

/// <param name="Next">Where the next page starts after; null when nothing follows.</param>
public sealed record LineEventPage(IReadOnlyList<LineEvent> Events, long? Next);

/// <summary>Lists the events behind a line, in the order of the log and as of the report's position: those, and only those, that the line was held against.</summary>
public sealed class LineEvents(NpgsqlDataSource database, InvoiceStore invoices, ReportStore reports)
{
    /// <summary>Positions that a page looks through.</summary>
    private const int PositionsMax = 200_000;

    /// <summary>What a mapping or a vendor names several usages by narrows the rows; which line each is of is decided as it was in the report.</summary>
    private const string Select = """
        select b.metric, b.unit, b.currency, b.resource_id, b.native_id, b.billed_metric, b.billed_unit, b.occurred_at, (b.sign * b.billed_quantity)::text,
               trim_scale(b.sign * b.quantity)::text, trim_scale(coalesce(b.sign * b.cost, 0))::text, b.sign, (b.sign * (b.cost is null)::integer),
               b.seq_id, e.id, e.type, b.source, b.idempotency_key, b.failed_free
        from ledger.billed_usage($1, $2, $3, $4, $5, $6, $7) b
        join ledger.mt_events e on e.seq_id = b.seq_id
        where $8::text is null or b.resource_id = $8 or b.native_id = $8
        order by b.seq_id, b.sign
        """;

    public async Task<LineEventPage> PageAsync(string tenant, ReconciliationMade made, ReportLine line, long after, int limit, CancellationToken ct)
    {
        if (line.Ledger.Records == 0)
        {
            return new LineEventPage([], null);
        }

        var told = await invoices.RevisionAsync(tenant, made.InvoiceId, made.InvoiceRevision, ct);
        var invoice = await invoices.WholeAsync(tenant, told.Told, ct);
        var filter = ClaimFilter.Of(invoice, made.MatchedBy, line, await TakenAsync(tenant, made, line, ct));
        after = Math.Max(after, await LedgerSide.PlaceOfAsync(database, filter.From, made.Position, ct));
        var upTo = Math.Min(made.Position, after + PositionsMax);
        var events = new List<LineEvent>();
        await using var select = database.CreateCommand(Select);
        select.Parameters.AddRange(LedgerSide.Parameters(tenant, invoice, after, upTo, filter.From, filter.To));
        select.Parameters.Add(Columns.Of(line.ResourceId));
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (filter.QuantityOf(Row(reader)) is not { } quantity)
            {
                continue;
            }

            var stored = Event(reader, quantity);
            if (events.Count > 0 && events[^1].Position == stored.Position)
            {
                events[^1] = Together(events[^1], stored);
            }
            else if (events.Count == limit)
            {
                return new LineEventPage(events, events[^1].Position);
            }
            else
            {
                events.Add(stored);
            }
        }

        return new LineEventPage(events, upTo < made.Position ? upTo : null);
    }

    /// <summary>What other lines of the same metric and resource were given although it is of another time than theirs.</summary>
    private async Task<IReadOnlyList<FoundElsewhere>> TakenAsync(string tenant, ReconciliationMade made, ReportLine line, CancellationToken ct)
    {
        var taken = new List<FoundElsewhere>();
        if (line.InvoiceLine is null && line.ResourceIs is null)
        {
            await foreach (var other in reports.LinesAsync(tenant, made, ct))
            {
                if (other is { Found.IsCounted: true } && other.Metric == line.Metric && other.ResourceId == line.ResourceId)
                {
                    taken.Add(other.Found);
                }
            }
        }

        return taken;
    }

    private static LedgerRow Row(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetStringOrNull(3), reader.GetStringOrNull(4), reader.GetStringOrNull(5),
        reader.GetStringOrNull(6), LedgerSide.Number(reader, 8), reader.GetInstant(7),
        new Figures(LedgerSide.Number(reader, 9), LedgerSide.Number(reader, 10), reader.GetInt32(11), reader.GetInt32(12)), reader.GetBoolean(18));

    private static LineEvent Event(NpgsqlDataReader reader, decimal quantity) => new(
        reader.GetInt64(13), reader.GetGuid(14), reader.GetString(15), reader.GetString(16), reader.GetString(17), reader.GetString(0),
        reader.GetStringOrNull(3), reader.GetInstant(7), quantity, LedgerSide.Number(reader, 10), reader.GetInt32(11));

    /// <summary>A revision takes the state before and adds the one after.</summary>
    private static LineEvent Together(LineEvent before, LineEvent after) => after with
    {
        Quantity = Numbers.Sum(before.Quantity, after.Quantity), Cost = Numbers.Sum(before.Cost, after.Cost), Records = before.Records + after.Records,
    };
}
