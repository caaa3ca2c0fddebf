using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Credentials;

/// <summary>The doors to credentials. What goes in never comes out.</summary>
public static class CredentialEndpoints
{
    private const int ValueMax = 2_000;
    private const string Request = """{"values":{"apiKey":"key_..."},"graceSeconds":3600}""";

    private const string Life = """
        {"id":"0f4f5bd0-5a5e-4a5d-9f0e-6a1c2b3d4e5f","createdAt":"2026-10-01T08:00:00Z","expiresAt":null,"position":8}
        """;

    public static void MapCredentials(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/sources/{sourceId}/credentials", ListAsync).RequireScope(Scope.Query)
            .WithSummary("The credentials of a source that count now, newest first, without their values.")
            .WithExample(null, $$"""{"items":[{{Life}}],"nextCursor":null}""");
        routes.MapPut("/v1/sources/{sourceId}/credentials", PutAsync).RequireScope(Scope.Admin)
            .WithSummary("Sets a source's credentials for the host of its base URL; they cannot be read back, and those before count on for graceSeconds.")
            .Requires("values")
            .WithExample(Request, Life);
    }

    private static async Task<Results<Ok<ListEnvelope<CredentialLife>>, Problem>> ListAsync(
        string sourceId, ApiCaller caller, SourceStore sources, CredentialVault vault, CancellationToken ct) =>
        await sources.FindAsync(caller.Tenant, sourceId, ct) is null
            ? SourceEndpoints.NotFound(sourceId)
            : TypedResults.Ok(new ListEnvelope<CredentialLife>(await vault.ListAsync(caller.Tenant, sourceId, ct), null));

    private static async Task<Results<Ok<CredentialLife>, Problem>> PutAsync(
        string sourceId, HttpContext context, ApiCaller caller, SourceStore sources, ProviderCatalogue providers, MasterKeys masters,
        LogAppender log, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        if (await sources.FindAsync(caller.Tenant, sourceId, ct) is not { } source || providers.Find(source.Provider) is not { } provider)
        {
            return SourceEndpoints.NotFound(sourceId);
        }

        var body = await CommandBody.ReadAsync(context.Request, ct);
        var values = Values(body.Fields, provider.Collector.Credentials);
        var grace = body.Fields.Whole("graceSeconds", 0, SetCredential.GraceSecondsMax) ?? 0;
        if ((body.Problem ?? body.Fields.Problem()) is { } problem)
        {
            return problem;
        }

        var command = new SetCredential(caller.Tenant, sourceId, source.BaseUrl, values, grace, context.CorrelationId());
        return await SetCredentialHandler.Handle(command, masters, log, database, clock, ct) is { } set
            ? TypedResults.Ok(set)
            : Problem.Conflict("too_many_credentials", $"{CredentialVault.CountMax} credentials of this source count already; wait for a grace to end, or give none.");
    }

    /// <summary>Those names that the provider's form has; any other is refused by itself, for nobody asks for it.</summary>
    private static Dictionary<string, string> Values(CommandFields fields, CredentialForm form)
    {
        if (!fields.Has("values"))
        {
            fields.RequiredText("values");
            return [];
        }

        if (fields.Child("values") is not { } child)
        {
            return [];
        }

        return form.Required.Select(name => (Name: name, Value: (string?)child.RequiredText(name, ValueMax)))
            .Concat(form.Optional.Select(name => (Name: name, Value: child.Text(name, ValueMax))))
            .Where(value => value.Value is not null)
            .ToDictionary(value => value.Name, value => value.Value!, StringComparer.Ordinal);
    }
}
