using System.Text;
using Microsoft.AspNetCore.Http;

namespace UsageLedger.Reconciling.Reports;

/// <summary>A report as CSV or as a page, written while it is read.</summary>
internal sealed class ReportResult(string mediaType, Func<TextWriter, Task> write) : IResult
{
    private const int BufferChars = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = mediaType + "; charset=utf-8";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        await using var text = new StreamWriter(response.Body, new UTF8Encoding(false), BufferChars, leaveOpen: true);
        await write(text);
        await text.FlushAsync(httpContext.RequestAborted);
    }
}
