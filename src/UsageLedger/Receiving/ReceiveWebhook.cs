using System.Security.Cryptography;
using NodaTime;
using UsageLedger.Inbox;

namespace UsageLedger.Receiving;

/// <summary>A vendor delivers; its signature is its key.</summary>
/// <param name="IsTest">The vendor only tries whether anybody answers.</param>
public sealed record ReceiveWebhook(string CorrelationId, WebhookDelivery Delivery, bool IsTest);

/// <summary>What becomes of a delivery.</summary>
public enum Reception
{
    /// <summary>It is on disk, or there was nothing to keep.</summary>
    Received,
    NotSigned,

    /// <summary>Too many wait already.</summary>
    Full
}

/// <summary>Judges deliveries and keeps them.</summary>
internal static class ReceiveWebhookHandler
{
    private const string Authorization = "authorization";

    /// <summary>When it answers that it was received it is on disk; the same bytes twice are one item.</summary>
    public static async Task<Reception> Handle(ReceiveWebhook command, WebhookTarget target, WebhookJudge judge, InboxStore inbox, Instant now, CancellationToken ct)
    {
        var delivery = command.Delivery;
        var isSigned = judge.Credentials.Count > 0 && target.Reader.IsSigned(delivery, target.Source, judge.Credentials, now);
        if (delivery.Body.IsEmpty && command.IsTest)
        {
            // Nothing is said, so nothing is believed; but a secret that is sent and wrong should be noticed now.
            return isSigned || !delivery.Headers.ContainsKey(Authorization) ? Reception.Received : Reception.NotSigned;
        }

        if (!isSigned)
        {
            return Reception.NotSigned;
        }

        if (judge.IsFull)
        {
            return Reception.Full;
        }

        var key = Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Span));
        await inbox.AddAsync(
            new NewInboxItem(target.Source.Tenant, InboxKinds.Webhook, target.Source.Id, key, command.CorrelationId, KeptDelivery.Write(delivery)), ct);
        return Reception.Received;
    }
}
