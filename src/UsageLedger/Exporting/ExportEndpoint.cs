using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Cycles;
using UsageLedger.EventLog.Reading;
using UsageLedger.Replaying;

namespace UsageLedger.Exporting;

/// <summary>The door to documents. What one comes to is known at its end, so it is told beside it: the same position gives the same bytes.</summary>
public static class ExportEndpoint
{
    public const string PositionHeader = "X-Ledger-Position";

    private const string CsvExample = "eventId,position,originCycle,source,...\r\n0192b1a0-6e2c-8f4d-9a51-3b6f2c7d8e90,17,,retell-main,...\r\n";

    private const string SummaryExample = """
        {"summary":{"rows":1,"totals":[{"currency":"USD","cost":"0.0738"}],"position":1042,
        "sha256":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"}}
        """;

    public static void MapExport(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/clients/{clientId}/cycles/{cycleId}/export", GetAsync).RequireScope(Scope.Query).WaitsFor(CycleAggregates.ProjectionName)
            .WithSummary("The usage of a cycle, a row for each usage and line; the rows add up to the cycle. X-Ledger-Position says as of when.")
            .WithQuery("format", "csv, ndjson or focus (CSV with FOCUS columns).", "csv", required: true)
            .WithQuery("asOf", "As it was known then: a position of the log, or an instant.", "1042")
            .WithQuery("summary", "true answers only what the document comes to: rows, totals and the SHA-256 of its bytes.", "true")
            .WithExample(null, CsvExample, responseType: "text/csv")
            .WithExample(null, SummaryExample);

    private static async Task<IResult> GetAsync(
        string clientId, string cycleId, HttpRequest request, ApiCaller caller, LogReader reader, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        var fields = new QueryFields(request.Query);
        var format = fields.OneOf("format", ExportFormats.Words);
        if (format is null && fields.Problem() is null)
        {
            fields.Refuse("format", "required", $"is required: one of {string.Join(", ", ExportFormats.Words)}");
        }

        var summary = fields.OneOf("summary", "true", "false") == "true";
        var asOf = await KnownAt.ReadAsync(fields, reader, database, ct);
        var query = new ExportCycle(caller.Tenant, clientId, cycleId, ExportFormats.Find(format ?? "") ?? ExportFormat.Csv, clock.GetCurrentInstant()) { AsOf = asOf };
        return await ExportCycleHandler.Handle(query, reader, database, ct) is not { } export ? CycleEndpoints.NotFound(clientId, cycleId)
            : fields.Problem() is { } problem ? problem
            : new ExportResult(export, summary, $"{clientId.Replace(':', '_')}-{export.CycleId}.{(query.Format == ExportFormat.Ndjson ? "ndjson" : "csv")}");
    }

    private sealed class ExportResult(CycleExport export, bool isSummary, string fileName) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
            response.Headers[PositionHeader] = export.Position.ToString(CultureInfo.InvariantCulture);
            if (isSummary)
            {
                var (told, digest) = await export.WriteAsync(Stream.Null, ct);
                response.ContentType = "application/json";
                var summary = told with { Sha256 = Convert.ToHexStringLower(digest) };
                await JsonSerializer.SerializeAsync(response.Body, new { summary }, LedgerJson.Options, ct);
                return;
            }

            response.ContentType = export.MediaType;
            response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
            await export.WriteAsync(response.Body, ct);
        }
    }
}
