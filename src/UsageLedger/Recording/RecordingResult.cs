using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace UsageLedger.Recording;

/// <summary>A recording answer on its way out.</summary>
/// <param name="OnlyProblems">Items that were recorded are counted and not listed.</param>
internal sealed record RecordingResult(RecordingAnswer Answer, bool OnlyProblems) : IResult, IStatusCodeHttpResult
{
    int? IStatusCodeHttpResult.StatusCode => Answer.Status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Answer.Status;
        response.ContentType = RecordingAnswerWriter.ContentType(Answer);
        var traceId = Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier;
        RecordingAnswerWriter.Write(Answer, OnlyProblems, traceId, response.BodyWriter);
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
