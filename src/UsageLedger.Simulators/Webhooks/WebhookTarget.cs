namespace UsageLedger.Simulators.Webhooks;

/// <summary>Where a vendor sends what happens.</summary>
/// <param name="Provider"><c>retell</c>, <c>twilio</c> or <c>openrouter</c>.</param>
/// <param name="Account">Of Twilio: what happens in this account; null: in any.</param>
/// <param name="Secret">What it is signed with; null: the world's own, of the account.</param>
public sealed record WebhookTarget(string Provider, Uri Url, string? Account = null, string? Secret = null);
