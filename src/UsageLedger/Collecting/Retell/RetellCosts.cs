using System.Text;
using System.Text.Json;

namespace UsageLedger.Collecting.Retell;

/// <summary>What a call costs, in dollars, as Retell says it in cents.</summary>
/// <param name="Combined">As Retell adds it up; null if it does not.</param>
internal sealed record RetellCosts(IReadOnlyList<RetellProduct> Products, decimal? Combined)
{
    private const decimal CentsPerDollar = 100;

    /// <summary>By how much Retell's own sum exceeds its products; null where one of them is not known, or there are none.</summary>
    public decimal? Difference => Products.Count == 0 || Combined is null || Products.Any(product => product.Cost is null)
        ? null
        : Combined - ExactSum.Of(Products.Select(product => product.Cost!.Value));

    /// <summary>Null while Retell names no costs.</summary>
    public static RetellCosts? Read(JsonElement call)
    {
        if (call.Member("call_cost") is not { ValueKind: JsonValueKind.Object } cost)
        {
            return null;
        }

        var items = cost.Items("product_costs").ToList();
        var combined = Dollars(cost.Number("combined_cost"));
        if (items.Count == 0 && combined is null)
        {
            return null;
        }

        var seconds = cost.Number("total_duration_seconds") ?? (call.Number("duration_ms") is { } ms ? ExactSum.Divide(ms, 1000) : 0);
        var legs = items.Exists(item => item.IsTrue("is_transfer_leg_cost"));
        var products = items.Select(item => Read(item, seconds, legs))
            .GroupBy(product => (product.Name, product.IsTransferLeg))
            .Select(group => Together([.. group]));
        return new RetellCosts([.. products], combined);
    }

    private static RetellProduct Read(JsonElement item, decimal seconds, bool legs)
    {
        var (cents, price) = (item.Number("cost"), item.Number("unit_price"));

        // With a transfer the total is that of both legs; what was charged over the unit price is the one that this product is of.
        var own = legs && cents is { } known && price is > 0 && known / price.Value is var quotient && decimal.Round(quotient, 3) * price == known
            ? decimal.Round(quotient, 3)
            : seconds;
        return new RetellProduct(
            Clean(item.Text("product")), item.IsTrue("is_transfer_leg_cost"), own, Dollars(price), Dollars(cents));
    }

    /// <summary>The same product twice in one call is one usage of it.</summary>
    private static RetellProduct Together(IReadOnlyList<RetellProduct> parts) => parts.Count == 1 ? parts[0] : parts[0] with
    {
        UnitCost = parts.All(part => part.UnitCost == parts[0].UnitCost) ? parts[0].UnitCost : null,
        Cost = parts.Any(part => part.Cost is null) ? null : ExactSum.Of(parts.Select(part => part.Cost!.Value)),
        Seconds = parts.Max(part => part.Seconds),
    };

    private static decimal? Dollars(decimal? cents) => cents is { } known ? ExactSum.Divide(known, CentsPerDollar) : null;

    /// <summary>A product's name as a metric's: what is no letter, digit, dot or dash becomes an underscore.</summary>
    private static string Clean(string? product)
    {
        var name = new StringBuilder(product ?? throw new FormatException("a product has no name"));
        for (var at = 0; at < name.Length; at++)
        {
            var sign = char.ToLowerInvariant(name[at]);
            name[at] = sign is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-' ? sign : '_';
        }

        return name.Length > 0 ? name.ToString() : throw new FormatException("a product has no name");
    }
}

/// <summary>One product's part of what a call costs.</summary>
/// <param name="UnitCost">Dollars a second.</param>
/// <param name="Cost">Dollars; null is pending.</param>
internal sealed record RetellProduct(string Name, bool IsTransferLeg, decimal Seconds, decimal? UnitCost, decimal? Cost)
{
    public bool IsTelephony => Name.Contains("telephony", StringComparison.Ordinal);
}
