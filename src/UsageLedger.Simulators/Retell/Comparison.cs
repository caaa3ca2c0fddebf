using System.Text.Json;

namespace UsageLedger.Simulators.Retell;

/// <summary>One typed filter's test of a value.</summary>
internal static class Comparison
{
    /// <summary>Null: there is no such operation.</summary>
    public static Func<JsonElement, bool>? Of(string type, string op, JsonElement value) => type switch
    {
        "number" => Number(op, Decimal(value)),
        "range" when op == "bt" && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 => Between(Decimal(value[0]), Decimal(value[1])),
        "string" => Text(op, String(value)),
        "enum" when op == "in" && value.ValueKind == JsonValueKind.Array => In([.. value.EnumerateArray().Select(String)]),
        "boolean" when op == "eq" => actual => actual.ValueKind == value.ValueKind,
        _ => null
    };

    private static Func<JsonElement, bool>? Number(string op, decimal value) => op switch
    {
        "eq" => actual => actual.GetDecimal() == value,
        "ne" => actual => actual.GetDecimal() != value,
        "gt" => actual => actual.GetDecimal() > value,
        "ge" => actual => actual.GetDecimal() >= value,
        "lt" => actual => actual.GetDecimal() < value,
        "le" => actual => actual.GetDecimal() <= value,
        _ => null
    };

    /// <summary>Both ends included; the vendor does not say.</summary>
    private static Func<JsonElement, bool> Between(decimal low, decimal high) => actual => actual.GetDecimal() >= low && actual.GetDecimal() <= high;

    private static Func<JsonElement, bool>? Text(string op, string value) => op switch
    {
        "eq" => actual => actual.GetString() == value,
        "ne" => actual => actual.GetString() != value,
        "sw" => actual => actual.GetString()!.StartsWith(value, StringComparison.Ordinal),
        "ew" => actual => actual.GetString()!.EndsWith(value, StringComparison.Ordinal),
        "co" => actual => actual.GetString()!.Contains(value, StringComparison.Ordinal),
        _ => null
    };

    private static Func<JsonElement, bool> In(HashSet<string> values) => actual => values.Contains(actual.GetString()!);

    private static decimal Decimal(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : throw new FormatException("a number is missing");

    private static string String(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException("a string is missing");
}
