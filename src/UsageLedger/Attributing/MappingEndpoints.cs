using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.EventLog.Appending;
using UsageLedger.Recording;

namespace UsageLedger.Attributing;

/// <summary>The doors to mappings.</summary>
public static class MappingEndpoints
{
    private const string Request = """
        {"provider":"retell","key":"agent:agent_7f","clientId":"contoso","agentId":"reception","validFrom":"2026-10-01T00:00:00Z","validTo":null}
        """;

    private const string Mapping = """
        {"id":"contoso-reception","provider":"retell","key":"agent:agent_7f","clientId":"contoso","agentId":"reception",
        "validFrom":"2026-10-01T00:00:00Z","validTo":null,"position":9}
        """;

    public static void MapMappings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/mappings", ListAsync).RequireScope(Scope.Query)
            .WithSummary("Whose usage is whose, by id; phone numbers show their last digits only.")
            .WithPages()
            .WithExample(null, $$"""{"items":[{{Mapping}}],"nextCursor":null}""");
        routes.MapGet("/v1/mappings/{id}", GetAsync).RequireScope(Scope.Query)
            .WithSummary("A mapping.")
            .WithExample(null, Mapping);
        routes.MapPut("/v1/mappings/{id}", PutAsync).RequireScope(Scope.Admin)
            .WithSummary("Says whose the usage under a vendor's key is, in [validFrom, validTo). Usage that nobody had claimed moves there.")
            .Requires("provider", "key", "clientId")
            .WithExample(Request, Mapping)
            .WithExample(Request, Mapping, StatusCodes.Status201Created);
    }

    private static async Task<Results<Ok<ListEnvelope<MappingView>>, Problem>> ListAsync(
        HttpRequest request, ApiCaller caller, MappingStore mappings, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var (after, limit) = (fields.Cursor(1)?[0] ?? "", fields.Limit());
        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var page = (await mappings.LatestAsync(caller.Tenant, ct)).Values
            .Where(mapping => string.CompareOrdinal(mapping.Value.Id, after) > 0)
            .Take(limit + 1)
            .Select(mapping => MappingView.Of(mapping.Value, mapping.Event.Position))
            .ToList();
        return TypedResults.Ok(page.Count > limit
            ? new ListEnvelope<MappingView>(page[..limit], Cursor.Of(page[limit - 1].Id))
            : new ListEnvelope<MappingView>(page, null));
    }

    private static async Task<Results<Ok<MappingView>, Problem>> GetAsync(string id, ApiCaller caller, MappingStore mappings, CancellationToken ct) =>
        (await mappings.LatestAsync(caller.Tenant, ct)).GetValueOrDefault(id) is { } mapping
            ? TypedResults.Ok(MappingView.Of(mapping.Value, mapping.Event.Position))
            : Problem.NotFound("There is no mapping of this id.");

    private static async Task<Results<Ok<MappingView>, Created<MappingView>, Problem>> PutAsync(
        string id, HttpContext context, ApiCaller caller, MappingStore mappings, NumberHash numbers, LogAppender log, CancellationToken ct)
    {
        var body = await CommandBody.ReadAsync(context.Request, ct);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        var (mapping, problem) = MappingReader.Read(body.Fields, id, numbers);
        if (TextRules.BrokenId(id) is { } rule)
        {
            problem = Problem.Refused([new FieldProblem("", rule.Code, $"A mapping's id {rule.Message}."), .. problem?.Errors ?? []]);
        }

        if (problem is not null)
        {
            return problem;
        }

        var outcome = await SetMappingHandler.Handle(new SetMapping(caller.Tenant, mapping!, context.CorrelationId()), mappings, log, ct);
        var view = MappingView.Of(mapping!, outcome.Position);
        return Refusal(outcome) is { } refused ? refused
            : outcome.IsNew ? TypedResults.Created($"/v1/mappings/{id}", view)
            : TypedResults.Ok(view);
    }

    private static Problem? Refusal(SetMappingOutcome outcome) => outcome.Verdict switch
    {
        SetMappingVerdict.Overlap => Problem.Conflict(
            "mapping_overlap", $"The mapping {outcome.Other} claims usage under this key at some of these instants; end it first.")
            .With("mappingId", outcome.Other),
        SetMappingVerdict.TooMany => Problem.Conflict("too_many_mappings", $"A tenant has at most {SetMappingHandler.MappingsMax} mappings."),
        SetMappingVerdict.Busy => new Problem(
            StatusCodes.Status503ServiceUnavailable, "changed_meanwhile", "Mappings are being set by others; send it again.", RetryAfterSeconds: 1),
        _ => null,
    };
}
