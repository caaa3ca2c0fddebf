using System.Globalization;
using System.Text.Json;
using NodaTime;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording;

namespace UsageLedger.Explaining;

/// <summary>Tells of each share where it came from: its history, its run, its mapping.</summary>
internal sealed class ExplainedRows(LogReader reader, NpgsqlDataSource database, string tenant)
{
    private const int HistoryMax = 100;

    private readonly RunsBehind runs = new(reader, database, tenant);

    public async Task<IReadOnlyList<ExplainedRow>> OfAsync(IReadOnlyList<UsageShare> shares, Func<Instant, string> name, CancellationToken ct)
    {
        var mappings = await MappingsAt.LoadAsync(reader, tenant, ct);
        var rows = new List<ExplainedRow>(shares.Count);
        foreach (var share in shares)
        {
            rows.Add(Row(share, await runs.OfAsync(share.State.Source, share.First, ct), mappings.ClaimOf(share.First), name));
        }

        return rows;
    }

    private static ExplainedRow Row(UsageShare share, Guid? run, string? claim, Func<Instant, string> name)
    {
        var (state, first) = (share.State, share.First);
        var history = share.History.TakeLast(HistoryMax).Select(stored => UnreadableEventException.Read(stored, Event)).ToList();
        return new ExplainedRow(
            share.UsageId, first.Position, share.Key.Origin is { } origin ? name(origin) : null, state.Source, state.IdempotencyKey, state.Provider,
            state.Metric, state.AgentId, state.ResourceId, state.Unit, state.Currency, state.OccurredAt, first.RecordedAt, share.Sums.Quantity.ToString(),
            state.UnitCost is { } price ? ExactDecimal.ToText(price) : null, share.Sums.Cost.ToString(), share.Sums.Records, share.Sums.Pending > 0,
            first.CorrelationId, run, history.LastOrDefault(stored => stored.MappingId is not null)?.MappingId ?? claim, history,
            $"/v1/ledger/events/{share.UsageId}", string.Create(CultureInfo.InvariantCulture, $"/v1/ledger/events/{first.Position}/proof"));
    }

    private static ExplainedEvent Event(StoredEvent stored)
    {
        var state = UsageRecordJson.Read(UsageState.After(stored).Record);
        using var data = JsonDocument.Parse(stored.Data.Utf8);
        return new ExplainedEvent(
            stored.Position, stored.Type, stored.RecordedAt, stored.CorrelationId, stored.Stream, ExactDecimal.ToText(state.Quantity),
            state.Cost is { } cost ? ExactDecimal.ToText(cost) : null,
            stored.Type == EventTypes.UsageVoided ? Text(data, UsageVoided.Reason) : null,
            stored.Type == EventTypes.UsageAttributed ? Text(data, Attributing.UsageAttributed.Mapping) : null);
    }

    private static string? Text(JsonDocument data, string member) => data.RootElement.TryGetProperty(member, out var value) ? value.GetString() : null;
}
