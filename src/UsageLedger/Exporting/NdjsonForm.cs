using System.Text.Json;
using NodaTime;
using UsageLedger.Answering;
using UsageLedger.EventLog.Proof;
using UsageLedger.Explaining;
using UsageLedger.Recording;

namespace UsageLedger.Exporting;

/// <summary>One JSON object a line; the last has the one member <c>summary</c>.</summary>
/// <param name="name">The name of the cycle that starts there.</param>
internal sealed class NdjsonForm(ExportOutput output, Func<Instant, string> name) : IExportForm
{
    public void Begin()
    {
        // A document without usage is its summary.
    }

    public void Row(UsageShare share)
    {
        var (state, sums, first) = (share.State, share.Sums, share.First);
        using (var json = new Utf8JsonWriter(output.Buffer, LedgerJson.Writing))
        {
            json.WriteStartObject();
            json.WriteString("eventId", share.UsageId);
            json.WriteNumber("position", first.Position);
            json.WriteString("originCycle", share.Key.Origin is { } origin ? name(origin) : null);
            json.WriteString("source", state.Source);
            json.WriteString("idempotencyKey", state.IdempotencyKey);
            json.WriteString("provider", state.Provider);
            json.WriteString("metric", state.Metric);
            json.WriteString("agentId", state.AgentId);
            json.WriteString("resourceId", state.ResourceId);
            json.WriteString("unit", state.Unit);
            json.WriteString("quantity", sums.Quantity.ToString());
            json.WriteString("unitCost", state.UnitCost is { } price ? ExactDecimal.ToText(price) : null);
            json.WriteString("cost", ExportFigures.Cost(sums));
            json.WriteString("currency", state.Currency);
            json.WriteBoolean("costPending", sums.Pending > 0);
            json.WriteNumber("records", sums.Records);
            json.WriteString("occurredAt", Rfc3339.Format(state.OccurredAt));
            json.WriteString("recordedAt", Rfc3339.Format(first.RecordedAt));
            json.WriteString("correlationId", first.CorrelationId);
            json.WritePropertyName("attributes");
            json.WriteRawValue(ExportFigures.Attributes(state).Utf8.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        output.Text("\n");
    }

    public void End(ExportSummary summary) =>
        output.Text(JsonSerializer.Serialize(new { summary }, LedgerJson.Options) + "\n");
}
