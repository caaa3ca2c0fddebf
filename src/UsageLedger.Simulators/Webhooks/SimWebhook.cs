using NodaTime;

namespace UsageLedger.Simulators.Webhooks;

/// <summary>Something a vendor tells, and when.</summary>
/// <param name="Id">Its own, for chance; no vendor sends one.</param>
/// <param name="NativeId">What it is about; what is about the same is sent in order.</param>
/// <param name="At">When it happened: what it tells is as known then, however late it is sent.</param>
/// <param name="RetriesMax">How often the vendor tries again.</param>
/// <param name="Write">The request's body and headers, as of a time.</param>
internal sealed record SimWebhook(
    string Provider, string? Account, string Id, string NativeId, Instant At, int RetriesMax, Func<WebhookTarget, Instant, WebhookRequest> Write)
{
    /// <summary>When it is sent.</summary>
    public Instant DueAt { get; init; } = At;
}

/// <summary>A webhook as it goes over the wire.</summary>
internal sealed record WebhookRequest(string ContentType, byte[] Body, string Header, string Value);
