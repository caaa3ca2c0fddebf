using UsageLedger.Receiving;

namespace UsageLedger.Collecting;

/// <summary>One vendor as the ledger knows it: how its usage is pulled, and how what it pushes is judged and read.</summary>
/// <param name="Name">In records, mappings and sources; lower case.</param>
/// <param name="Webhooks">Null: the vendor pushes nothing.</param>
public sealed record Provider(string Name, IUsageCollector Collector, IWebhookReader? Webhooks);
