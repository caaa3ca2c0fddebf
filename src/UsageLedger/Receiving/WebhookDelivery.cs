namespace UsageLedger.Receiving;

/// <summary>A webhook as it came over the wire.</summary>
/// <param name="Url">As the vendor called it: the source's <c>webhookUrl</c> setting, else as received through trusted proxies.</param>
/// <param name="Headers">By lower-case name; only those that readers ask for are kept.</param>
/// <param name="Body">The raw bytes.</param>
public sealed record WebhookDelivery(string Url, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);
