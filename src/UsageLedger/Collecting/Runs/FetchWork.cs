using System.Text.Json;
using UsageLedger.Credentials;
using UsageLedger.EventLog;
using UsageLedger.Inbox;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Runs;

/// <summary>Asks a vendor for the records that a webhook only announced.</summary>
public sealed class FetchWork(VendorAccounts accounts, CollectedRecords records) : IInboxWork
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

    public async Task<InboxOutcome> DoAsync(InboxItem item, CancellationToken ct)
    {
        if (item.Body.IsEmpty || await accounts.FindAsync(item.Tenant, item.Source, ct) is not { } source)
        {
            return InboxOutcome.Quarantined("unknown_source: There is no such source, or the item does not open.");
        }

        var nativeIds = JsonSerializer.Deserialize<string[]>(item.Body.Span)!;
        var opened = await accounts.OpenAsync(source, CredentialVault.Fetches, item.CorrelationId, ct);
        var rejected = new List<RejectedRecord>();
        await foreach (var page in opened.Collector.FetchAsync(opened.Account, nativeIds, ct))
        {
            var recorded = await records.RecordAsync(source, page.Records, RecordingMode.Polled, item.CorrelationId, ct);
            rejected.AddRange([.. page.Rejected, .. recorded.Rejected]);
        }

        return rejected.Count == 0
            ? InboxOutcome.Done()
            : InboxOutcome.Quarantined($"not_normalised: {rejected[0].NativeId}: {rejected[0].Reason}{(rejected.Count > 1 ? $" (and {rejected.Count - 1} more)" : "")}.");
    }
}
