using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Collecting.Runs;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Appending;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Sources;

/// <summary>The doors to sources.</summary>
public static class SourceEndpoints
{
    private const int ValidationsMax = 8;

    /// <summary>A vendor that does not answer holds up those of one tenant.</summary>
    private const int ValidationsOfOneTenantMax = 4;

    public static void MapSources(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/sources", ListAsync).RequireScope(Scope.Query)
            .WithSummary("The configured sources, by id.")
            .WithPages()
            .WithExample(null, SourceExamples.Sources);
        routes.MapGet("/v1/sources/{sourceId}", GetAsync).RequireScope(Scope.Query)
            .WithSummary("How a source is configured, and whether it has credentials.")
            .WithExample(null, SourceExamples.Source);
        routes.MapPut("/v1/sources/{sourceId}", PutAsync).RequireScope(Scope.Admin)
            .WithSummary("Configures a source: a vendor account from which usage is collected.")
            .Requires("provider", "baseUrl")
            .WithExample(SourceExamples.Configuration, SourceExamples.Source)
            .WithExample(SourceExamples.Configuration, SourceExamples.Source, StatusCodes.Status201Created);
        routes.MapPost("/v1/sources/{sourceId}/validate", ValidateAsync).RequireScope(Scope.Collect)
            .AtOnce(ValidationsMax, ValidationsOfOneTenantMax)
            .WithSummary("Says what is wrong with the source's settings, and asks the vendor whether its credentials are good.")
            .WithExample(null, SourceExamples.Validation);
        ProviderEndpoints.Map(routes);
    }

    internal static Problem NotFound(string sourceId) =>
        Problem.NotFound(TextRules.BrokenId(sourceId) is null ? $"There is no source {sourceId}." : "No source can have this id.");

    private static async Task<Results<Ok<ListEnvelope<SourceView>>, Problem>> ListAsync(
        HttpRequest request, ApiCaller caller, SourceStore sources, NpgsqlDataSource database, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var (after, limit) = (fields.Cursor(1)?[0] ?? "", fields.Limit());
        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var withCredentials = await CredentialRows.SourcesAsync(database, caller.Tenant, ct);
        var page = (await sources.LatestAsync(caller.Tenant, ct)).Values
            .Where(source => string.CompareOrdinal(source.Value.Id, after) > 0)
            .Take(limit + 1)
            .Select(source => SourceView.Of(source.Value, withCredentials.Contains(source.Value.Id), source.Event.Position))
            .ToList();
        return TypedResults.Ok(page.Count > limit
            ? new ListEnvelope<SourceView>(page[..limit], Cursor.Of(page[limit - 1].SourceId))
            : new ListEnvelope<SourceView>(page, null));
    }

    private static async Task<Results<Ok<SourceView>, Problem>> GetAsync(
        string sourceId, ApiCaller caller, SourceStore sources, CredentialVault vault, CancellationToken ct)
    {
        if ((await sources.LatestAsync(caller.Tenant, ct)).GetValueOrDefault(sourceId) is not { } source)
        {
            return NotFound(sourceId);
        }

        var credentials = await vault.ListAsync(caller.Tenant, sourceId, ct);
        return TypedResults.Ok(SourceView.Of(source.Value, credentials.Count > 0, source.Event.Position));
    }

    private static async Task<Results<Ok<SourceView>, Created<SourceView>, Problem>> PutAsync(
        string sourceId, HttpContext context, ApiCaller caller, ProviderCatalogue providers, SourceAddresses addresses, SourceStore sources,
        CredentialVault vault, LogAppender log, CancellationToken ct)
    {
        var body = await CommandBody.ReadAsync(context.Request, ct);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        var (source, problem) = SourceReader.Read(body.Fields, caller.Tenant, sourceId, providers, addresses);
        if (TextRules.BrokenId(sourceId) is { } rule)
        {
            problem = Problem.Refused([new FieldProblem("", rule.Code, $"A source's id {rule.Message}."), .. problem?.Errors ?? []]);
        }

        if (problem is not null)
        {
            return problem;
        }

        var outcome = await ConfigureSourceHandler.Handle(new ConfigureSource(source!, context.CorrelationId()), sources, log, ct);
        if (Refusal(outcome.Verdict, sourceId) is { } refused)
        {
            return refused;
        }

        var view = SourceView.Of(source!, (await vault.ListAsync(caller.Tenant, sourceId, ct)).Count > 0, outcome.Position);
        return outcome.IsNew ? TypedResults.Created($"/v1/sources/{sourceId}", view) : TypedResults.Ok(view);
    }

    private static async Task<Results<Ok<SourceValidation>, Problem>> ValidateAsync(
        string sourceId, HttpContext context, ApiCaller caller, ProviderCatalogue providers, SourceStore sources, VendorAccounts accounts, CancellationToken ct)
    {
        var all = await sources.LatestAsync(caller.Tenant, ct);
        if (all.GetValueOrDefault(sourceId)?.Value is not { } source)
        {
            return NotFound(sourceId);
        }

        var faults = SourceFaults.Of(source, all.Values.Select(other => other.Value), providers.Find(source.Provider)?.Collector);
        var validation = await ValidateSourceHandler.Handle(new ValidateSource(source, context.CorrelationId()), accounts, ct);
        return TypedResults.Ok(SourceValidation.Of([.. faults, .. validation.Problems]));
    }

    private static Problem? Refusal(ConfigureVerdict verdict, string sourceId) => verdict switch
    {
        ConfigureVerdict.ProviderFixed => Problem.Conflict(
            "provider_fixed", $"The source {sourceId} is of another provider, and what it collected too; configure another source."),
        ConfigureVerdict.TelephonyContradicts => Problem.Refused(new FieldProblem(
            $"/settings/{SourceSettings.TelephonyBilledBy}", "telephony_contradicts",
            "must not say another vendor than every source of the other vendor does: telephone legs would be charged by none of them, or by each; "
            + "say the same in both, or leave it away in the other first")),
        ConfigureVerdict.TooMany => Problem.Conflict("too_many_sources", $"A tenant has at most {ConfigureSourceHandler.SourcesMax} sources."),
        ConfigureVerdict.Busy => new Problem(
            StatusCodes.Status503ServiceUnavailable, "changed_meanwhile", $"The source {sourceId} is being changed by others; send it again.",
            RetryAfterSeconds: 1),
        _ => null,
    };
}
