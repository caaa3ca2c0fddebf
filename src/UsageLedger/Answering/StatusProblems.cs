using Microsoft.AspNetCore.Http;
using UsageLedger.Access;

namespace UsageLedger.Answering;

/// <summary>The problem of a status that the framework gave without words.</summary>
internal static class StatusProblems
{
    public static Problem Of(int status) => status switch
    {
        StatusCodes.Status400BadRequest => new(status, "bad_request", "The request cannot be understood."),
        StatusCodes.Status401Unauthorized => AccessProblems.NoKey,
        StatusCodes.Status403Forbidden => new(status, "scope_missing", "The key lacks the scope that this route needs."),
        StatusCodes.Status404NotFound => Problem.NotFound("There is nothing here, or it is not yours."),
        StatusCodes.Status405MethodNotAllowed => new(status, "method_not_allowed", "This method is not for this route; Allow names those that are."),
        StatusCodes.Status406NotAcceptable => new(status, "not_acceptable", "None of the media types asked for can be given."),
        StatusCodes.Status408RequestTimeout => new(status, "request_timeout", "The request came too slowly."),
        StatusCodes.Status409Conflict => Problem.Conflict("conflict", "The request does not fit the present state."),
        StatusCodes.Status413PayloadTooLarge => new(status, "too_large", "The body is larger than this route takes; send it in parts."),
        StatusCodes.Status415UnsupportedMediaType => new(status, "unsupported_media_type", "This route does not read bodies of this media type."),
        StatusCodes.Status429TooManyRequests => new(status, "too_many_requests", "The key asks more often than it may; Retry-After says when to go on."),
        StatusCodes.Status503ServiceUnavailable => new(status, "unavailable", "The ledger cannot answer for the moment.", RetryAfterSeconds: 1),
        >= StatusCodes.Status500InternalServerError => new(status, "internal_error", "The ledger failed; its log tells why, under this traceId."),
        _ => new(status, "refused", "The request is refused.")
    };
}
