using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace UsageLedger.Simulators.Twilio;

/// <summary>One page of a list, and how it is said: links are relative to the host, and the token names the last record before the page.</summary>
internal sealed record TwilioPage(int Number, int Size, string? Token)
{
    private const int SizeMax = 1_000;
    private const int SizeDefault = 50;
    private const string TokenPrefix = "PA";
    private static readonly string[] Paging = ["PageSize", "Page", "PageToken"];

    /// <exception cref="FormatException">It is no page.</exception>
    public static TwilioPage Read(IQueryCollection query)
    {
        var page = new TwilioPage(Count(query["Page"], 0, 0), Math.Min(SizeMax, Count(query["PageSize"], SizeDefault, 1)), query["PageToken"]);
        return (page.Number > 0 && page.Token is null) || page.Token?.StartsWith(TokenPrefix, StringComparison.Ordinal) == false
            ? throw new FormatException("a page is reached by next_page_uri, with its PageToken")
            : page;
    }

    /// <param name="all">Every record that the filters let through.</param>
    /// <param name="idOf">What tells records apart.</param>
    /// <param name="shift">How many records of the page before are told again.</param>
    public Dictionary<string, object?> Of<T>(HttpRequest request, string name, IReadOnlyList<T> all, Func<T, string> idOf, Func<T, object> write, int shift)
    {
        var from = Token is null ? 0 : all.TakeWhile(item => idOf(item) != Token[TokenPrefix.Length..]).Count() + 1;
        if (from > all.Count)
        {
            throw new FormatException("PageToken names no record of this list");
        }

        var items = all.Skip(from - Math.Min(from, Math.Min(shift, Size - 1))).Take(Size).ToList();
        var isLast = items.Count == 0 || idOf(items[^1]) == idOf(all[^1]);
        return new Dictionary<string, object?>
        {
            [name] = items.Select(write),
            ["end"] = items.Count == 0 ? 0 : Number * Size + items.Count - 1,
            ["first_page_uri"] = Uri(request, 0, null),
            ["next_page_uri"] = isLast ? null : Uri(request, Number + 1, TokenPrefix + idOf(items[^1])),
            ["page"] = Number,
            ["page_size"] = Size,
            ["previous_page_uri"] = Number == 0 ? null : Uri(request, Number - 1, from <= Size ? null : TokenPrefix + idOf(all[from - Size - 1])),
            ["start"] = Number * Size,
            ["uri"] = Uri(request, Number, Token),
        };
    }

    private static int Count(string? text, int otherwise, int min) =>
        string.IsNullOrEmpty(text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= min ? count
        : throw new FormatException("Page and PageSize are numbers");

    /// <summary>Without the prefix that leads to this simulator: what is below it and at the root is the same.</summary>
    private string Uri(HttpRequest request, int number, string? token)
    {
        var filters = request.Query.Where(parameter => !Paging.Contains(parameter.Key))
            .SelectMany(parameter => parameter.Value.Select(value => $"{System.Uri.EscapeDataString(parameter.Key)}={System.Uri.EscapeDataString(value ?? string.Empty)}&"));
        var path = request.Path.Value![request.Path.Value!.IndexOf($"/{TwilioWire.Version}/", StringComparison.Ordinal)..];
        var tail = token is null ? string.Empty : "&PageToken=" + System.Uri.EscapeDataString(token);
        return string.Create(CultureInfo.InvariantCulture, $"{path}?{string.Concat(filters)}PageSize={Size}&Page={number}{tail}");
    }
}
