using System.Text.Json;

namespace UsageLedger.Simulators.Retell;

/// <summary>What <c>POST /v3/list-calls</c> asks for.</summary>
/// <param name="After">The call behind which it goes on; null: from the start.</param>
internal sealed record RetellListing(Func<JsonElement, bool> Filter, bool IsAscending, int Limit, int Skip, RetellPlace? After, bool WantsTotal)
{
    private const int LimitMax = 1_000;
    private const int LimitDefault = 50;

    /// <exception cref="FormatException">It is not as documented.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static RetellListing Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
        var root = document.RootElement.Clone();
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("the body is an object");
        }

        var key = Member(root, "pagination_key");
        if (key is not null && Member(root, "skip") is not null)
        {
            throw new FormatException("skip and pagination_key exclude each other");
        }

        return new RetellListing(
            RetellFilter.Read(Member(root, "filter_criteria") ?? default),
            Order(Member(root, "sort_order")),
            Count(Member(root, "limit"), LimitDefault, 1, LimitMax), Count(Member(root, "skip"), 0, 0, int.MaxValue),
            key is { } given ? RetellPlace.Open(given.GetString() ?? string.Empty) : null,
            Member(root, "include_total") is { ValueKind: JsonValueKind.True });
    }

    private static bool Order(JsonElement? order) => order?.GetString() switch
    {
        null or "descending" => false,
        "ascending" => true,
        _ => throw new FormatException("sort_order is ascending or descending")
    };

    private static int Count(JsonElement? count, int otherwise, int min, int max) =>
        count is not { } given ? otherwise
        : given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number) && number >= min && number <= max ? number
        : throw new FormatException("limit is 1 to 1000, skip 0 or more");

    private static JsonElement? Member(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
