using System.Text.Json;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Anomalies;

/// <summary>Says that somebody has seen an anomaly. The first word stands: said again, it changes nothing.</summary>
/// <param name="By">The id of the key that says so, or <see cref="CommandLine"/>.</param>
/// <param name="Note">What they make of it.</param>
public sealed record AcknowledgeAnomaly(string Tenant, string CorrelationId, Guid Id, string By, string Note)
{
    public const string CommandLine = "command-line";

    public const int NoteMax = 500;
}

/// <inheritdoc cref="AcknowledgeAnomaly"/>
public static class AcknowledgeAnomalyHandler
{
    /// <returns>Where the read model must come to show it; null when there is no such anomaly.</returns>
    public static async Task<long?> Handle(AcknowledgeAnomaly command, LogReader reader, LogAppender log, CancellationToken ct)
    {
        if (await reader.FindAsync(command.Tenant, command.Id, ct) is not { Type: EventTypes.AnomalyOpened } opened)
        {
            return null;
        }

        var told = Told(command, opened);
        var outcome = await log.AppendAsync(new AppendRequest(command.Tenant, command.CorrelationId, [new AppendItem(told.Id, told)]), ct);
        return outcome.Items[0].Position;
    }

    private static NewEvent Told(AcknowledgeAnomaly command, StoredEvent opened)
    {
        using var data = JsonDocument.Parse(opened.Data.Utf8);
        var json = new CanonicalJsonWriter().StartObject().Member("anomalyId", command.Id.ToString()).Member("by", command.By);
        AnomalyEvents.Optional(json, "clientId", data.RootElement.TryGetProperty("clientId", out var client) ? client.GetString() : null);
        json.Member("note", command.Note);
        AnomalyEvents.Optional(json, "sourceId", data.RootElement.TryGetProperty("sourceId", out var source) ? source.GetString() : null);
        return new NewEvent(
            DeterministicId.Of(EventTypes.AnomalyAcknowledged, command.Tenant, command.Id.ToString()), opened.Stream, EventTypes.AnomalyAcknowledged,
            json.EndObject().Take());
    }
}
