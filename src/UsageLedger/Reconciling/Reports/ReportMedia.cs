using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace UsageLedger.Reconciling.Reports;

/// <summary>As what a report is answered.</summary>
internal static class ReportMedia
{
    public const string Json = "application/json";
    public const string Csv = "text/csv";
    public const string Html = "text/html";

    private const int AcceptedMax = 50;
    private static readonly string[] Given = [Json, Csv, Html];

    /// <summary>What the caller likes best of what there is; null: nothing. JSON where no difference is made.</summary>
    public static string? Of(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0)
        {
            return Json;
        }

        var accepted = MediaTypeHeaderValue.TryParseList([.. request.Headers.Accept.OfType<string>()], out var list) ? list.Take(AcceptedMax).ToList() : [];
        var best = Given.Select(type => (Type: type, Liking: LikingOf(type, accepted))).MaxBy(type => type.Liking);
        return best.Liking > 0 ? best.Type : null;
    }

    /// <summary>As the narrowest range says that it is of, in thousandths.</summary>
    private static int LikingOf(string type, IReadOnlyList<MediaTypeHeaderValue> accepted)
    {
        var parsed = MediaTypeHeaderValue.Parse(type);
        return accepted.Where(range => parsed.IsSubsetOf(range) || (range.Parameters.Count > 0 && range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(range => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2)
            .Select(range => (int)((range.Quality ?? 1) * 1000)).FirstOrDefault();
    }
}
