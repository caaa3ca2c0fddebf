using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Reconciling.Invoices;

/// <summary>Reads invoices from the log, which has them as soon as they are received.</summary>
public sealed class InvoiceStore(NpgsqlDataSource database, LogReader log)
{
    private const string SelectLatest = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        from ledger.mt_events e
        where e.tenant_id = $1 and e.stream_id = $2 and e.type = $3
        order by e.version desc limit 1
        """;

    /// <summary>As last told; null: there is no such invoice.</summary>
    public async Task<ReceivedInvoice?> LatestAsync(string tenant, Guid invoice, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectLatest);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = StreamNames.OfInvoice(invoice) });
        select.Parameters.Add(new() { Value = EventTypes.ProviderInvoiceReceived });
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? ReceivedInvoice.Of(EventRow.Read(reader, 0)) : null;
    }

    /// <exception cref="InvoiceGoneException">There is no such revision.</exception>
    public async Task<ReceivedInvoice> RevisionAsync(string tenant, Guid invoice, int revision, CancellationToken ct) =>
        await log.FindAsync(tenant, ProviderInvoiceReceived.IdOf(tenant, invoice, revision), ct) is { } stored
            ? ReceivedInvoice.Of(stored)
            : throw new InvoiceGoneException($"The invoice {invoice} has no revision {revision}.");

    /// <summary>The invoice with its lines.</summary>
    public async Task<ProviderInvoice> WholeAsync(string tenant, ProviderInvoiceReceived told, CancellationToken ct)
    {
        var lines = new List<InvoiceLine>(told.LineCount);
        for (var part = 1; part <= told.Parts; part++)
        {
            lines.AddRange(await PartAsync(tenant, told, part, ct));
        }

        return new ProviderInvoice(
            told.Provider, told.SourceId, told.Number, told.PeriodStart, told.PeriodEnd, told.TimeZone, told.Currency, told.Total, lines);
    }

    /// <summary>Lines <see cref="ProviderInvoiceLines.LinesMax"/> at a time.</summary>
    public async Task<IReadOnlyList<InvoiceLine>> PartAsync(string tenant, ProviderInvoiceReceived told, int part, CancellationToken ct) =>
        await log.FindAsync(tenant, ProviderInvoiceLines.IdOf(tenant, told.InvoiceId, told.ContentHash, part), ct) is { } stored
            ? EventJson.Read<ProviderInvoiceLines>(stored).Lines
            : throw new InvoiceGoneException($"The invoice {told.InvoiceId} has no part {part}.");
}

/// <summary>An invoice as the log has it.</summary>
/// <param name="Event">That told it.</param>
public sealed record ReceivedInvoice(ProviderInvoiceReceived Told, StoredEvent Event)
{
    internal static ReceivedInvoice Of(StoredEvent stored) => new(EventJson.Read<ProviderInvoiceReceived>(stored), stored);
}

/// <summary>The log told an invoice, and does not hold it any more.</summary>
public sealed class InvoiceGoneException(string message) : Exception(message);
