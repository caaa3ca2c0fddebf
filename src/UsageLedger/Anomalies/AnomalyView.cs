using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Anomalies;

/// <summary>An anomaly as it is answered.</summary>
/// <param name="Since">When the first of the hours began that showed it together.</param>
/// <param name="Hour">When the hour began that it was found in.</param>
/// <param name="Difference">What came above what was expected; below it, negative.</param>
/// <param name="Position">Up to where the log was known when it was found.</param>
/// <param name="ResolvedHour">When the hour began that said it is over.</param>
public sealed record AnomalyView(
    Guid Id, string Kind, string Status, string? ClientId, string? SourceId, string? Provider, string? Metric, string? AgentId, string? Unit, string? Currency,
    Instant Since, Instant Hour, string Expected, string Came, string Difference, string Sentence, long Position, Instant OpenedAt,
    Instant? ResolvedHour, Instant? ResolvedAt, string? Resolution, Instant? AcknowledgedAt, string? AcknowledgedBy, string? Note)
{
    /// <summary>The columns that it is read from.</summary>
    internal const string Columns = """
        select id, kind, status, client_id, source_id, provider, metric, agent_id, unit, currency, since, hour, trim_scale(expected)::text,
               trim_scale(came)::text, trim_scale(came - expected)::text, sentence, as_of_position, opened_at, resolved_hour, resolved_at, resolution,
               acknowledged_at, acknowledged_by, note
        """;

    private Instant End => Hour + Duration.FromHours(1);

    /// <summary>The events that it is about, by the audit query.</summary>
    public string EventsUrl => Kind switch
    {
        AnomalyKinds.DuplicateStorm => $"/v1/ledger/events?sourceId={Escape(SourceId)}&type={EventTypes.CollectionCompleted}&from={Text(Hour)}&to={Text(End)}",
        AnomalyKinds.LateBurst => $"/v1/ledger/events?clientId={Escape(ClientId)}&type={EventTypes.UsageRecorded}&from={Text(Hour)}&to={Text(End)}",
        _ => $"/v1/ledger/events?clientId={Escape(ClientId)}&type={EventTypes.UsageRecorded}&from={Text(Since)}&to={Text(OpenedAt)}",
    };

    /// <summary>The hours that it is about, as the usage read tells them now; null for a source.</summary>
    public string? UsageUrl => ClientId is null
        ? null
        : $"/v1/usage?clientId={Escape(ClientId)}&provider={Escape(Provider)}&metric={Escape(Metric)}{(AgentId is null ? "" : $"&agentId={Escape(AgentId)}")}"
            + $"&from={Text(Since)}&to={Text(End)}&window=hour&groupBy=provider,metric,agentId";

    internal static AnomalyView Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetStringOrNull(3), reader.GetStringOrNull(4),
        reader.GetStringOrNull(5), reader.GetStringOrNull(6), reader.GetStringOrNull(7), reader.GetStringOrNull(8), reader.GetStringOrNull(9),
        reader.GetInstant(10), reader.GetInstant(11), reader.GetString(12), reader.GetString(13), reader.GetString(14),
        reader.GetString(15), reader.GetInt64(16), reader.GetInstant(17), reader.GetInstantOrNull(18), reader.GetInstantOrNull(19),
        reader.GetStringOrNull(20), reader.GetInstantOrNull(21), reader.GetStringOrNull(22), reader.GetStringOrNull(23));

    private static string Escape(string? text) => Uri.EscapeDataString(text ?? "");

    private static string Text(Instant instant) => Rfc3339.Format(instant);
}
