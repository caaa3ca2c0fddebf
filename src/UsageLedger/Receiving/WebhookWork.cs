using UsageLedger.Attributing;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;
using UsageLedger.Inbox;

namespace UsageLedger.Receiving;

/// <summary>Reads a delivery, records what it tells in full, and has the rest asked for.</summary>
public sealed class WebhookWork(SourceStore sources, ProviderCatalogue providers, CollectedRecords records, NumberHash numbers) : IInboxWork
{
    public string Kind => InboxKinds.Webhook;

    public async Task<InboxOutcome> DoAsync(InboxItem item, CancellationToken ct)
    {
        if (item.Body.IsEmpty)
        {
            return InboxOutcome.Quarantined("unreadable: What was kept of the delivery does not open.");
        }

        if (await sources.FindAsync(item.Tenant, item.Source, ct) is not { } source || providers.Find(source.Provider)?.Webhooks is not { } reader)
        {
            return InboxOutcome.Quarantined("unknown_source: There is no such source any more, or its provider sends no webhooks.");
        }

        // What can be read of a delivery is recorded, though another part of it cannot; read again it is a duplicate.
        var reading = reader.Read(KeptDelivery.Read(item.Body), source, numbers);
        await CollectionPoints.DeliveryRead.ReachAsync();
        var recorded = await records.RecordPushedAsync(source, reading.Records, item.CorrelationId, ct);
        await CollectionPoints.DeliveryRecorded.ReachAsync();
        IReadOnlyList<NewInboxItem> next = reading.Fetch.Count == 0 ? [] : [FetchWork.For(item, reading.Fetch)];
        return (reading.Quarantine ?? recorded.Rejected.Select(rejected => $"{rejected.NativeId}: {rejected.Reason}").FirstOrDefault()) is { } reason
            ? InboxOutcome.Quarantined(reason, next) : InboxOutcome.Done(next);
    }
}
