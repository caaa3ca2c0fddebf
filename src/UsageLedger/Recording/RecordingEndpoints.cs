using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording.CloudEvents;

namespace UsageLedger.Recording;

/// <summary>The doors through which usage comes in.</summary>
public static class RecordingEndpoints
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";
    private const string CloudEvent = "application/cloudevents+json";
    private const string CloudEventBatch = "application/cloudevents-batch+json";

    private static readonly string[] UsageTypes = [Json, Lines];
    private static readonly string[] EventTypes = [CloudEvent, CloudEventBatch];

    public static void MapRecording(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/usage", PostUsageAsync).RequireScope(Scope.Ingest)
            .WithSummary("Records usage, one record or up to 10,000; the same key twice is one usage.")
            .WithQuery("items", "problems: list only conflicts and rejections.", "problems")
            .WithExample(RecordingExamples.Record, RecordingExamples.Answer)
            .WithExample(RecordingExamples.Records, RecordingExamples.Answer)
            .WithExample(RecordingExamples.Lines, RecordingExamples.Answer, requestType: Lines)
            .Requires(RecordingExamples.RecordRequires);
        routes.MapPost("/v1/events", PostEventsAsync).RequireScope(Scope.Ingest)
            .WithSummary("Records usage that comes as CloudEvents 1.0; source and id are the key.")
            .WithQuery("items", "problems: list only conflicts and rejections.", "problems")
            .WithExample(RecordingExamples.Envelope, RecordingExamples.Answer, requestType: CloudEvent)
            .WithExample(RecordingExamples.Envelopes, RecordingExamples.Answer, requestType: CloudEventBatch)
            .Requires(RecordingExamples.EnvelopeRequires);
        routes.MapPost("/v1/usage/{eventId}/void", VoidAsync).RequireScope(Scope.Ingest)
            .WithSummary("Takes a usage back; a second void is a duplicate.")
            .WithExample(RecordingExamples.Void, RecordingExamples.Answer)
            .Requires("reason");
    }

    private static Task<IResult> PostUsageAsync(HttpContext context, ApiCaller caller, LogAppender log, IClock clock, CancellationToken ct) =>
        RecordAsync(context, caller, log, UsageTypes, body => Read(body, clock.GetCurrentInstant()), ct);

    private static Task<IResult> PostEventsAsync(HttpContext context, ApiCaller caller, LogAppender log, IClock clock, CancellationToken ct) =>
        RecordAsync(context, caller, log, EventTypes, body => Read(body, clock.GetCurrentInstant()), ct);

    private static UsageBody Read(RequestBody body, Instant now) => body.MediaType switch
    {
        Lines => UsageBodyReader.ReadLines(body.Bytes.Span, now),
        CloudEvent => CloudEventBodyReader.ReadEvent(body.Bytes.Span, now),
        CloudEventBatch => CloudEventBodyReader.ReadBatch(body.Bytes.Span, now),
        _ => UsageBodyReader.ReadJson(body.Bytes.Span, now),
    };

    private static async Task<IResult> RecordAsync(
        HttpContext context, ApiCaller caller, LogAppender log, string[] mediaTypes, Func<RequestBody, UsageBody> read, CancellationToken ct)
    {
        if (OnlyProblems(context.Request) is not { } onlyProblems)
        {
            return Problem.BadRequest(new FieldProblem("?items", "unknown_word", "items can only be problems."));
        }

        UsageBody usage;
        using (var body = await RequestBody.ReadAsync(context.Request, UsageBody.BytesMax, mediaTypes, ct))
        {
            if (body.Problem is { } problem)
            {
                return problem;
            }

            usage = read(body);
        }

        if (usage.Refusal is { } refusal)
        {
            return new Problem(
                refusal.IsTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest,
                refusal.Code, refusal.Message, refusal.Problems);
        }

        var answer = await RecordUsageHandler.Handle(new RecordUsage(caller.Tenant, context.CorrelationId(), usage.Items), log, ct);
        return new RecordingResult(answer, onlyProblems);
    }

    private static async Task<IResult> VoidAsync(
        string eventId, HttpContext context, ApiCaller caller, LogAppender log, LogReader reader, CancellationToken ct)
    {
        var unknown = Problem.NotFound("There is no usage of this id.");
        if (!Guid.TryParseExact(eventId, "D", out var usage))
        {
            return unknown;
        }

        var body = await CommandBody.ReadAsync(context.Request, ct);
        var reason = body.Fields.RequiredText("reason", VoidUsage.ReasonMax);
        if ((body.Problem ?? body.Fields.Problem()) is { } problem)
        {
            return await reader.FindAsync(caller.Tenant, usage, ct) is null ? unknown : problem;
        }

        var answer = await VoidUsageHandler.Handle(new VoidUsage(caller.Tenant, context.CorrelationId(), usage, reason), log, ct);
        return answer is null ? unknown : new RecordingResult(answer, OnlyProblems: false);
    }

    private static bool? OnlyProblems(HttpRequest request) => request.Query.TryGetValue("items", out var items)
        ? items == "problems" ? true : null
        : false;
}
