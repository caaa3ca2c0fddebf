using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;

namespace UsageLedger.Attributing;

/// <summary>The door to what nobody has claimed.</summary>
public static class UnattributedEndpoints
{
    private const string Unattributed = """
        {"items":[{"source":"retell-main","provider":"retell","metric":"retell.llm","key":"agent:agent_7f","records":12,"pending":0,"cost":"1.44",
        "currency":"USD","firstSeen":"2026-10-02T09:00:00Z","lastSeen":"2026-10-03T17:30:00Z"}],"nextCursor":null}
        """;

    public static void MapUnattributed(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/unattributed", ListAsync).RequireScope(Scope.Query).WaitsFor(UnattributedUsage.ProjectionName)
            .WithSummary("Usage that no client has claimed, by the key with which a mapping would claim it. The goal is none.")
            .WithQuery("source", "Of this source.", "retell-main")
            .WithQuery("provider", "Of this provider.", "retell")
            .WithPages()
            .WithExample(null, Unattributed);

    private static async Task<Results<Ok<ListEnvelope<UnattributedRow>>, Problem>> ListAsync(
        HttpRequest request, ApiCaller caller, NpgsqlDataSource database, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var query = new ReadUnattributed(caller.Tenant, fields.Text("source"), fields.Text("provider"), fields.Cursor(1)?[0], fields.Limit());
        if (query.After is { } after && (after.Length % 2 != 0 || !after.All(char.IsAsciiHexDigit)))
        {
            fields.Refuse("cursor", "invalid_cursor", "belongs to another list; start without it");
        }

        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var page = await ReadUnattributedHandler.Handle(query, database, ct);
        return TypedResults.Ok(new ListEnvelope<UnattributedRow>(page.Rows, page.Next is { } last ? Cursor.Of(last) : null));
    }
}
