using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Inbox;
using UsageLedger.Recording;

namespace UsageLedger.Receiving;

/// <summary>The door for vendors' webhooks.</summary>
public static class WebhookEndpoint
{
    public const int BytesMax = 4 * 1024 * 1024;

    private const string TestHeader = "X-Test-Connection";
    private const string Example = """{"event":"call_ended","call":{"call_id":"Jabr9TXYYJHfvl6Syypi88rdAHYHmcq6"}}""";

    private static readonly Problem Unknown = Problem.NotFound("There is no such source, or its provider sends no webhooks.");

    private static readonly Problem Unsigned = new(
        StatusCodes.Status401Unauthorized, "bad_signature", "The delivery is not signed with the source's credentials, or no longer.");

    private static readonly Problem Full = new(
        StatusCodes.Status503ServiceUnavailable, "inbox_full", "Too many deliveries of this source wait to be read; send it again later.",
        RetryAfterSeconds: 60);

    public static void MapWebhooks(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/webhooks/{tenant}/{sourceId}", PostAsync).AllowWithoutKey().WithoutIdempotency()
            .WithSummary("Takes a vendor's webhook, signed as that vendor signs; 200 when it is on disk.")
            .WithExample(Example, null);

    private static async Task<Results<Ok, Problem>> PostAsync(
        string tenant, string sourceId, HttpContext context, WebhookTargets targets, InboxStore inbox, TrustedProxies proxies, IClock clock, CancellationToken ct)
    {
        var correlationId = context.CorrelationId();
        if (!TenantName.IsValid(tenant) || TextRules.BrokenId(sourceId) is not null
            || await targets.FindAsync(tenant, sourceId, correlationId, ct) is not { } target)
        {
            return Unknown;
        }

        using var body = await RequestBody.ReadAnyAsync(context.Request, BytesMax, ct);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var headers = context.Request.Headers.ToDictionary(
            header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);
        var delivery = new WebhookDelivery(ReceivedUrl.Of(context, target.Source, proxies), headers, body.Bytes);
        var isTest = context.Request.Headers[TestHeader] is [{ } test] && test.Equals("true", StringComparison.OrdinalIgnoreCase);
        var reception = await ReceiveWebhookHandler.Handle(
            new ReceiveWebhook(correlationId, delivery, isTest), target, inbox, clock.GetCurrentInstant(), ct);
        return reception switch
        {
            Reception.NotSigned => Unsigned,
            Reception.Full => Full,
            _ => TypedResults.Ok(),
        };
    }
}
