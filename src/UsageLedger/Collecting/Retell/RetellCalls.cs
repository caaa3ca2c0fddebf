using System.Text.Json;
using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Retell;

/// <summary>
/// Retell's words for a call into usage: the call, its tokens, and every product's part of the cost. What was said, who spoke, numbers and
/// tokens of access are never looked at, but for the platform's own number, of which the hash is taken.
/// </summary>
internal static class RetellCalls
{
    private static readonly string[] Over = ["ended", "error", "not_connected"];
    private static readonly string[] UnderWay = ["registered", "ongoing"];

    /// <summary>Retell names the products within moments: a call that has a whole cost and none of them after so long has none.</summary>
    private static readonly Duration ProductsWithin = Duration.FromDays(3);

    /// <summary>A call that is not over says nothing yet.</summary>
    /// <param name="asOf">When Retell said so, by its own clock; null if that is not known, as of what it pushes.</param>
    /// <returns>Whether it tells a cost and not yet of which products, so that it should be asked for.</returns>
    public static bool Take(JsonElement call, Source source, NumberHash numbers, Instant? asOf, Normalised into)
    {
        var incomplete = false;
        if (!IsOver(call))
        {
            return incomplete;
        }

        into.Take(call.Text("call_id"), id =>
        {
            // It costs from its end on, the end never moves, and the list is asked by it.
            var at = call.Milliseconds("end_timestamp") ?? call.Milliseconds("start_timestamp");
            var costs = RetellCosts.Read(call);
            if (at is null)
            {
                return costs is null or { Products.Count: 0, Combined: null or 0 } ? [] : throw new FormatException("it costs and tells no end_timestamp");
            }

            if (costs?.Difference is { } difference and not 0)
            {
                into.Note(id, $"recorded, but combined_cost is {ExactDecimal.ToText(difference)} USD off the sum of its products");
            }

            incomplete = costs is { Products.Count: 0, Combined: not (null or 0) };
            var whole = WholeCost(costs, asOf - at > ProductsWithin);
            return Records(call, id, costs, Template(call, id, at.Value, source, numbers) with { Cost = whole }, TelephonyBilling.Of(source));
        });
        return incomplete;
    }

    /// <summary>
    /// What the call's own record costs: it is pending while Retell names no products, which bear the cost once they are named. A whole
    /// cost that was booked here before them would count beside them until the next poll.
    /// </summary>
    private static decimal? WholeCost(RetellCosts? costs, bool noneWillCome) => costs switch
    {
        null => null,
        { Products.Count: > 0 } or { Combined: null or 0 } => 0,
        _ => noneWillCome ? costs.Combined : null
    };

    private static IEnumerable<UsageRecord> Records(JsonElement call, string id, RetellCosts? costs, UsageRecord template, TelephonyBiller biller)
    {
        var difference = costs?.Difference is { } off and not 0 ? ExactDecimal.ToText(off) : null;
        yield return template with
        {
            Attributes = new AttributeList().Add(template.Attributes).Add("difference", difference).ToSorted(),
        };
        if (call.Member("llm_token_usage") is { } tokens && tokens.Items("values").ToList() is { Count: > 0 } values)
        {
            yield return template with
            {
                IdempotencyKey = RetellKeys.OfTokens(id), Metric = "llm.tokens", Unit = "token", Cost = 0,
                Quantity = ExactSum.Of(values.Select(value => VendorJson.Figure(value, "llm_token_usage.values") ?? 0)),
            };
        }

        foreach (var product in costs?.Products ?? [])
        {
            var record = template with
            {
                IdempotencyKey = RetellKeys.OfProduct(id, product.Name, product.IsTransferLeg), Metric = "call." + product.Name, Unit = "second",
                Quantity = product.Seconds, UnitCost = product.UnitCost, Cost = product.Cost,
                Attributes = product.IsTransferLeg ? new AttributeList().Add(template.Attributes).Add(TelephonyLegs.TransferLeg, "true").ToSorted() : template.Attributes,
            };
            yield return product.IsTelephony && SidOf(call) is not null ? TelephonyBilling.Settle(record, TelephonyBiller.Retell, biller) : record;
        }
    }

    private static UsageRecord Template(JsonElement call, string id, Instant at, Source source, NumberHash numbers) => new()
    {
        Source = source.Id,
        IdempotencyKey = RetellKeys.OfCall(id),
        Provider = source.Provider,
        Metric = "call",
        Quantity = 1,
        Unit = "call",
        Currency = Currencies.Default,
        ResourceId = call.Text("agent_id") is { } agent && TextRules.Broken(agent, TextRules.TextMax) is null ? agent : null,
        OccurredAt = at,
        Attributes = new AttributeList()
            .Add("callId", id)
            .Add("callType", call.Text("call_type"))
            .Add("direction", call.Text("direction"))
            .Add("agentVersion", call.Word("agent_version"))
            .Add("disconnectionReason", call.Text("disconnection_reason"))
            .Add(TelephonyLegs.NamedSid, SidOf(call))
            .Add(MappingKeys.Agent, call.Text("agent_id"))
            .AddNumber(numbers, call.Text("direction") switch { "inbound" => call.Text("to_number"), "outbound" => call.Text("from_number"), _ => null })
            .AddMeta(source, name => call.Member("metadata")?.Word(name))
            .ToSorted(),
    };

    private static string? SidOf(JsonElement call) => call.Member("telephony_identifier")?.Text("twilio_call_sid");

    /// <summary>A status that nobody has heard of is over once it has an end.</summary>
    private static bool IsOver(JsonElement call) => call.Text("call_status") is var status
        && (Over.Contains(status) || (!UnderWay.Contains(status) && call.Member("end_timestamp") is not null));
}
