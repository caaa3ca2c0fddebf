using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using UsageLedger.Recording;
using UsageLedger.Telemetry;

namespace UsageLedger.Answering;

/// <summary>A refusal in its HTTP form: <c>application/problem+json</c> (RFC 9457). An endpoint returns it as it is.</summary>
/// <param name="Code">A stable word for programs.</param>
/// <param name="Detail">For people: what is wrong and what to do.</param>
/// <param name="Errors">The places of the request that are at fault; a pointer that begins with <c>?</c> names a query parameter.</param>
/// <param name="Members">Writes further members into the open object.</param>
/// <param name="RetryAfterSeconds">When asking again makes sense.</param>
public sealed record Problem(
    int Status, string Code, string Detail, IReadOnlyList<FieldProblem>? Errors = null, Action<Utf8JsonWriter>? Members = null,
    int? RetryAfterSeconds = null) : IResult, IStatusCodeHttpResult
{
    public const string MediaType = "application/problem+json";

    /// <summary>How many places of a request are named; whoever has mended so many is told of the rest.</summary>
    public const int ErrorsMax = 1_000;

    int? IStatusCodeHttpResult.StatusCode => Status;

    public static Problem BadRequest(FieldProblem error) => new(StatusCodes.Status400BadRequest, error.Code, error.Message, [error]);

    public static Problem NotFound(string detail) => new(StatusCodes.Status404NotFound, "not_found", detail);

    public static Problem Conflict(string code, string detail) => new(StatusCodes.Status409Conflict, code, detail);

    /// <summary>Understood but refused: the first error gives the code if all have the same.</summary>
    public static Problem Refused(params IReadOnlyList<FieldProblem> errors) => new(
        StatusCodes.Status422UnprocessableEntity,
        errors.All(error => error.Code == errors[0].Code) ? errors[0].Code : "refused",
        errors.Count == 1 ? errors[0].Message : "Several places of the request break a rule; errors names each.",
        errors);

    /// <summary>The same problem with one member more.</summary>
    public Problem With(string name, object? value) => this with
    {
        Members = Members + (json =>
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value, LedgerJson.Options);
        })
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            LedgerTelemetry.Refusals.Add(1, LedgerTelemetry.Tag(LedgerTelemetry.Code, Code));
        }

        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = MediaType;
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await using (var json = new Utf8JsonWriter(response.BodyWriter, LedgerJson.Writing))
        {
            WriteTo(json, Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier);
        }

        // The time may be up, which is just what the caller is to be told.
        await response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    internal void WriteTo(Utf8JsonWriter json, string traceId)
    {
        json.WriteStartObject();
        json.WriteString("type", "about:blank");
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(Status));
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        json.WriteString("code", Code);
        json.WriteStartArray("errors");
        foreach (var error in (Errors ?? []).Take(ErrorsMax))
        {
            json.WriteStartObject();
            json.WriteString("pointer", error.At);
            json.WriteString("message", error.Message);
            json.WriteString("code", error.Code);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("traceId", traceId);
        Members?.Invoke(json);
        json.WriteEndObject();
    }
}
