using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording;

namespace UsageLedger.Clients;

/// <summary>The doors to clients.</summary>
public static class ClientEndpoints
{
    public static void MapClients(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/clients", ListAsync).RequireScope(Scope.Query)
            .WithSummary("The clients that usage or a registration named, by id.")
            .WithPages()
            .WithExample(null, ClientExamples.Clients);
        routes.MapGet("/v1/clients/{clientId}", GetAsync).RequireScope(Scope.Query)
            .WithSummary("A client's terms; those of one that only usage named are the defaults.")
            .WithExample(null, ClientExamples.Client);
        routes.MapPut("/v1/clients/{clientId}", PutAsync).RequireScope(Scope.Admin)
            .WithSummary("Registers a client, or changes its terms: at once while no cycle is closed, else from the end of the open one.")
            .WithExample(ClientExamples.Terms, ClientExamples.Client)
            .WithExample(ClientExamples.Terms, ClientExamples.Client, StatusCodes.Status201Created);
    }

    internal static Problem NotFound(string clientId) =>
        Problem.NotFound(TextRules.BrokenId(clientId) is null ? $"Nothing named the client {clientId} yet." : "No client can have this id.");

    private static async Task<Results<Ok<ListEnvelope<ClientView>>, Problem>> ListAsync(
        HttpRequest request, ApiCaller caller, NpgsqlDataSource database, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var query = new ReadClients(caller.Tenant, fields.Cursor(1)?[0], fields.Limit());
        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var page = await ReadClientsHandler.Handle(query, database, ct);
        return TypedResults.Ok(new ListEnvelope<ClientView>(page.Clients, page.Next is { } last ? Cursor.Of(last) : null));
    }

    private static async Task<Results<Ok<ClientView>, Problem>> GetAsync(
        string clientId, ApiCaller caller, NpgsqlDataSource database, CancellationToken ct) =>
        TextRules.BrokenId(clientId) is null && await ReadClientHandler.Handle(new ReadClient(caller.Tenant, clientId), database, ct) is { } client
            ? TypedResults.Ok(client)
            : NotFound(clientId);

    private static async Task<Results<Ok<ClientView>, Created<ClientView>, Problem>> PutAsync(
        string clientId, HttpContext context, ApiCaller caller, LogAppender log, LogReader reader, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        var body = await CommandBody.ReadAsync(context.Request, ct);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        var (terms, problem) = ClientTermsReader.Read(body.Fields, clientId);
        if (TextRules.BrokenId(clientId) is { } rule)
        {
            problem = Problem.Refused([new FieldProblem("", rule.Code, $"A client's id {rule.Message}."), .. problem?.Errors ?? []]);
        }

        if (problem is not null)
        {
            return problem;
        }

        var command = new RegisterClient(caller.Tenant, context.CorrelationId(), clientId, terms!);
        var (client, isNew) = await RegisterClientHandler.Handle(command, log, reader, database, clock, ct);
        return client is null ? Busy(clientId)
            : isNew ? TypedResults.Created($"/v1/clients/{clientId}", client)
            : TypedResults.Ok(client);
    }

    /// <summary>Others wrote at every attempt, so the next one may well succeed.</summary>
    internal static Problem Busy(string clientId) => new(
        StatusCodes.Status503ServiceUnavailable, "changed_meanwhile", $"The client {clientId} is being changed by others; send it again.",
        RetryAfterSeconds: 1);
}
