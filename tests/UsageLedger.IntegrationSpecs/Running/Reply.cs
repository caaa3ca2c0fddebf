using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>What a server answered, and how specs tell it.</summary>
internal sealed record Reply(int Status, MediaTypeHeaderValue? ContentType, HttpResponseHeaders Headers, string Text)
{
    private static readonly string[] CountNames = ["accepted", "duplicates", "revised", "conflicts", "rejected"];

    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string? Code => (string?)Json["code"];

    /// <summary>Of a recording answer: its status and the counts that are not zero.</summary>
    public string Told => string.Join(' ', CountNames.Where(name => (int)Json[name]! != 0).Select(name => $"{Json[name]} {name}")
        .Prepend(Status.ToString(CultureInfo.InvariantCulture)));

    public long Position => (long)Json["position"]!;

    public IReadOnlyList<JsonObject> Items => [.. Json["items"]!.AsArray().Select(item => item!.AsObject())];

    /// <summary>Of each item its index, status and code.</summary>
    public IReadOnlyList<string> ItemsTold => [.. Items.Select(item => $"{item["index"]} {item["status"]} {item["code"]}".TrimEnd())];

    /// <summary>Of each error its pointer and code.</summary>
    public IReadOnlyList<string> Errors => ErrorsOf(Json["errors"]);

    /// <summary>The errors of each item in turn.</summary>
    public IReadOnlyList<string> ItemErrors => [.. Items.SelectMany(item => ErrorsOf(item["errors"]))];

    public Guid EventId(int index = 0) => Guid.ParseExact((string)Items[index]["eventId"]!, "D");

    public string Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    public static async Task<Reply> OfAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode, response.Content.Headers.ContentType, response.Headers, await response.Content.ReadAsStringAsync());

    private static List<string> ErrorsOf(JsonNode? errors) =>
        errors is null ? [] : [.. errors.AsArray().Select(error => $"{error!["pointer"]} {error["code"]}")];
}
