using System.Globalization;
using NodaTime;
using UsageLedger.EventLog.Proof;
using UsageLedger.Explaining;
using UsageLedger.Recording;

namespace UsageLedger.Exporting;

/// <summary>The ledger's own columns.</summary>
/// <param name="name">The name of the cycle that starts there.</param>
internal sealed class CsvForm(ExportOutput output, Func<Instant, string> name) : IExportForm
{
    private static readonly string[] Columns =
    [
        "eventId", "position", "originCycle", "source", "idempotencyKey", "provider", "metric", "agentId", "resourceId", "unit", "quantity", "unitCost",
        "cost", "currency", "costPending", "records", "occurredAt", "recordedAt", "correlationId", "attributes",
    ];

    private readonly CsvCells cells = new(output);

    public void Begin() => cells.Header(Columns);

    public void Row(UsageShare share)
    {
        var (state, sums, first) = (share.State, share.Sums, share.First);
        cells.Figure(share.UsageId.ToString()).Figure(first.Position.ToString(CultureInfo.InvariantCulture))
            .Figure(share.Key.Origin is { } origin ? name(origin) : null)
            .Text(state.Source).Text(state.IdempotencyKey).Text(state.Provider).Text(state.Metric).Text(state.AgentId).Text(state.ResourceId).Text(state.Unit)
            .Figure(sums.Quantity.ToString()).Figure(state.UnitCost is { } price ? ExactDecimal.ToText(price) : null)
            .Figure(ExportFigures.Cost(sums)).Text(state.Currency).Flag(sums.Pending > 0).Figure(sums.Records.ToString(CultureInfo.InvariantCulture))
            .Figure(Rfc3339.Format(state.OccurredAt)).Figure(Rfc3339.Format(first.RecordedAt)).Text(first.CorrelationId)
            .Text(state.Attributes.Count > 0 ? ExportFigures.Attributes(state).ToString() : null)
            .EndRow();
    }

    public void End(ExportSummary summary)
    {
        // Whatever stood here would be a row to whoever loads it.
    }
}
