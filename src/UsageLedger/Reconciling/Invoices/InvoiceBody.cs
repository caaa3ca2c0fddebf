using Microsoft.AspNetCore.Http;
using UsageLedger.Answering;

namespace UsageLedger.Reconciling.Invoices;

/// <summary>Reads the body of <c>POST /v1/provider-invoices</c>, JSON or CSV.</summary>
public static class InvoiceBody
{
    public const int BytesMax = 16 * 1024 * 1024;
    public const string Csv = "text/csv";

    private static readonly string[] MediaTypes = ["application/json", Csv];

    public static async Task<(ProviderInvoice? Invoice, bool Revision, Problem? Problem)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = await RequestBody.ReadAsync(request, BytesMax, MediaTypes, ct);
        return body.Problem is { } unread ? (null, false, unread) : await ReadAsync(body.Bytes, body.MediaType == Csv, ct);
    }

    /// <summary>The same of a file.</summary>
    public static async Task<(ProviderInvoice? Invoice, bool Revision, Problem? Problem)> ReadAsync(ReadOnlyMemory<byte> bytes, bool isCsv, CancellationToken ct)
    {
        if (isCsv)
        {
            var (json, problems) = await InvoiceCsv.ToJsonAsync(new MemoryStream(bytes.ToArray(), writable: false), ct);
            return problems.Count > 0 ? (null, false, Problem.Refused(problems)) : Parse(json);
        }

        return Parse(bytes);
    }

    private static (ProviderInvoice? Invoice, bool Revision, Problem? Problem) Parse(ReadOnlyMemory<byte> json)
    {
        var body = CommandBody.Parse(json.Span);
        return body.Problem is { } unread ? (null, false, unread) : InvoiceReader.Read(body.Fields);
    }
}
