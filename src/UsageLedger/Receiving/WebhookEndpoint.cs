using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Inbox;
using UsageLedger.Recording;
using UsageLedger.Telemetry;

namespace UsageLedger.Receiving;

/// <summary>The door for vendors' webhooks.</summary>
public static class WebhookEndpoint
{
    private const string Route = "/v1/webhooks/{tenant}/{sourceId}";
    private const string TestHeader = "X-Test-Connection";
    private const string Example = """{"event":"call_ended","call":{"call_id":"Jabr9TXYYJHfvl6Syypi88rdAHYHmcq6"}}""";

    private static readonly Problem Unknown = Problem.NotFound("There is no such source, or its provider sends no webhooks.");

    private static readonly Problem Unsigned = new(
        StatusCodes.Status401Unauthorized, "bad_signature", "The delivery is not signed with the source's credentials, or no longer.");

    private static readonly Problem Full = new(
        StatusCodes.Status503ServiceUnavailable, "inbox_full", "Too many deliveries of this source wait to be read; send it again later.",
        RetryAfterSeconds: 60);

    /// <summary>Vendors wait no longer for the answer, and send again what they have none for.</summary>
    private static readonly TimeSpan ReceivingMax = TimeSpan.FromSeconds(10);

    /// <summary>OpenRouter broadcasts by POST or by PUT, as its destination is set.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        RouteHandlerBuilder[] doors = [routes.MapPost(Route, TakeAsync), routes.MapPut(Route, TakeAsync)];
        foreach (var door in doors)
        {
            door.AllowWithoutKey().WithoutIdempotency().MayTake(ReceivingMax)
                .WithSummary("Takes a vendor's webhook, signed as that vendor signs; 200 when it is on disk.")
                .WithExample(Example, null);
        }
    }

    private static async Task<Results<Ok, Problem>> TakeAsync(
        string tenant, string sourceId, HttpContext context, WebhookTargets targets, InboxStore inbox, WebhookPlaces places, BodyRooms rooms, TrustedProxies proxies, IClock clock,
        CancellationToken ct)
    {
        var correlationId = context.CorrelationId();
        if (!TenantName.IsValid(tenant) || TextRules.BrokenId(sourceId) is not null
            || await targets.FindAsync(tenant, sourceId, ct) is not { } target)
        {
            return Unknown;
        }

        var isTest = context.Request.Headers[TestHeader] is [{ } test] && test.Equals("true", StringComparison.OrdinalIgnoreCase);
        if (!isTest && !context.Request.Headers.ContainsKey(target.Reader.SignatureHeader))
        {
            return Refused(target, Unsigned);
        }

        var headers = context.Request.Headers.ToDictionary(
            header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);
        var head = new WebhookDelivery(ReceivedUrl.Of(context, target.Source, proxies), headers, ReadOnlyMemory<byte>.Empty);
        var judge = await targets.JudgeAsync(target, correlationId, anew: false, ct);
        bool MayBeSigned() => target.Reader.MayBeSigned(head, target.Source, judge.Credentials, clock.GetCurrentInstant());
        if (!MayBeSigned())
        {
            judge = await targets.JudgeAsync(target, correlationId, anew: true, ct);
            if (!MayBeSigned() && !isTest)
            {
                return Refused(target, Unsigned);
            }
        }

        using var place = await places.TakeAsync(target.Source, ct);
        if (place is null)
        {
            return Refused(target, Full);
        }

        rooms.EnterStranger(context, tenant, sourceId);

        // What cannot be signed may be a test of the connection, which has no body: one byte is too much.
        using var body = await RequestBody.ReadAnyAsync(context.Request, MayBeSigned() ? target.Reader.BytesMax : 0, ct);
        if (body.Problem is { } problem)
        {
            return Refused(target, MayBeSigned() ? problem : Unsigned);
        }

        var command = new ReceiveWebhook(correlationId, head with { Body = body.Bytes }, isTest);
        var reception = await ReceiveWebhookHandler.Handle(command, target, judge, inbox, clock.GetCurrentInstant(), ct);
        if (reception == Reception.NotSigned && await targets.JudgeAsync(target, correlationId, anew: true, ct) is var another && another != judge)
        {
            reception = await ReceiveWebhookHandler.Handle(command, target, another, inbox, clock.GetCurrentInstant(), ct);
        }

        return reception switch
        {
            Reception.NotSigned => Refused(target, Unsigned),
            Reception.Full => Refused(target, Full),
            _ => Received(target),
        };
    }

    private static Problem Refused(WebhookTarget target, Problem problem)
    {
        Count(target, problem.Code);
        return problem;
    }

    private static Ok Received(WebhookTarget target)
    {
        Count(target, "received");
        return TypedResults.Ok();
    }

    private static void Count(WebhookTarget target, string outcome) => LedgerTelemetry.Deliveries.Add(
        1, LedgerTelemetry.Tag(LedgerTelemetry.Provider, target.Source.Provider), LedgerTelemetry.Tag(LedgerTelemetry.Outcome, outcome));
}
