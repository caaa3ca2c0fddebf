using System.Globalization;
using System.Text.Json;
using UsageLedger.Credentials;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;
using UsageLedger.Inbox;

namespace UsageLedger.Collecting.Runs;

/// <summary>Asks a vendor for records by name: those that a webhook only announced, and those that are to be asked for again.</summary>
public sealed class FetchWork(VendorAccounts accounts, CollectedRecords records, LogReader events) : IInboxWork
{
    public string Kind => InboxKinds.Fetch;

    /// <summary>An item that fetches these.</summary>
    /// <param name="webhook">The webhook that announced them: each is answered once.</param>
    public static NewInboxItem For(InboxItem webhook, IReadOnlyList<string> nativeIds) =>
        new(webhook.Tenant, InboxKinds.Fetch, webhook.Source, webhook.Key, webhook.CorrelationId, JsonSerializer.SerializeToUtf8Bytes(nativeIds));

    /// <summary>An item that asks again for a record that a run could not use; for one reason it is one item, in however many runs it is met.</summary>
    public static NewInboxItem For(InboxItem run, RejectedRecord rejected) => new(
        run.Tenant, InboxKinds.Fetch, run.Source, $"rejected:{rejected.NativeId}:{DeterministicId.Of(rejected.NativeId, rejected.Reason):N}",
        run.CorrelationId, JsonSerializer.SerializeToUtf8Bytes<string[]>([rejected.NativeId]));

    /// <summary>Items that ask again for records of which something else was recorded while they were asked for.</summary>
    public static IReadOnlyList<NewInboxItem> For(InboxItem asked, IReadOnlyList<OvertakenRecord> overtaken, IUsageCollector collector) =>
    [
        .. overtaken.Select(record => (Id: collector.NativeIdOf(record.IdempotencyKey), record.Position)).Where(record => record.Id is not null).DistinctBy(record => record.Id)
            .Select(record => new NewInboxItem(
                asked.Tenant, InboxKinds.Fetch, asked.Source, string.Create(CultureInfo.InvariantCulture, $"overtaken:{record.Id}:{record.Position}"),
                asked.CorrelationId, JsonSerializer.SerializeToUtf8Bytes<string[]>([record.Id!]))),
    ];

    /// <summary>An item that asks again for a Retell call whose telephone leg Twilio has a price of too.</summary>
    internal static NewInboxItem For(string tenant, TelephonyLinked link, string correlationId) => new(
        tenant, InboxKinds.Fetch, link.SourceId, $"telephony:{link.CallSid}", correlationId, JsonSerializer.SerializeToUtf8Bytes<string[]>([link.CallId]));

    public async Task<InboxOutcome> DoAsync(InboxItem item, CancellationToken ct)
    {
        if (item.Body.IsEmpty || await accounts.FindAsync(item.Tenant, item.Source, ct) is not { } source)
        {
            return InboxOutcome.Quarantined("unknown_source: There is no such source, or the item does not open.");
        }

        var nativeIds = JsonSerializer.Deserialize<string[]>(item.Body.Span)!;
        var opened = await accounts.OpenAsync(source, CredentialVault.Fetches, item.CorrelationId, ct);
        var (rejected, overtaken) = (new List<RejectedRecord>(), new List<OvertakenRecord>());
        await foreach (var asked in AskedPage.OfAsync(opened.Collector.FetchAsync(opened.Account, nativeIds, ct), events, ct))
        {
            var recorded = await records.RecordPolledAsync(source, asked, item.CorrelationId, ct);
            await CollectionPoints.FetchRecorded.ReachAsync();
            rejected.AddRange([.. asked.Page.Rejected, .. recorded.Rejected]);
            overtaken.AddRange(recorded.Overtaken);
        }

        var next = For(item, overtaken, opened.Collector);
        return rejected.Count == 0
            ? InboxOutcome.Done(next)
            : InboxOutcome.Quarantined($"not_normalised: {rejected[0].NativeId}: {rejected[0].Reason}{(rejected.Count > 1 ? $" (and {rejected.Count - 1} more)" : "")}.", next);
    }
}
