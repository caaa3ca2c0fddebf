using System.Globalization;
using NodaTime;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Proof;
using UsageLedger.Explaining;
using UsageLedger.Recording;

namespace UsageLedger.Exporting;

/// <summary>Columns of the FinOps Open Cost and Usage Specification, 1.0 and later; what it has no column for begins with <c>x_</c>.</summary>
/// <remarks>
/// A tenant is the billing account, a client a sub account, a metric the SKU; charge periods are hours. An adjustment is a correction of a
/// billing period that was closed. All four costs are what the vendor reported.
/// </remarks>
/// <param name="name">The name of the cycle that starts there.</param>
internal sealed class FocusForm(ExportOutput output, ExportCycle query, Cycle cycle, Func<Instant, string> name) : IExportForm
{
    private static readonly string[] Columns =
    [
        "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass",
        "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost",
        "ContractedUnitPrice", "EffectiveCost", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingQuantity", "PricingUnit",
        "ProviderName", "PublisherName", "RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory", "ServiceName", "SkuId",
        "SkuPriceId", "SubAccountId", "SubAccountName", "Tags", "x_CostPending", "x_EventId", "x_IdempotencyKey", "x_OriginCycle", "x_Position", "x_Source",
    ];

    private readonly CsvCells cells = new(output);

    public void Begin() => cells.Header(Columns);

    public void Row(UsageShare share)
    {
        var (state, sums) = (share.State, share.Sums);
        var (cost, quantity) = (sums.Cost.ToString(), sums.Quantity.ToString());
        var price = state.UnitCost is { } unitCost ? ExactDecimal.ToText(unitCost) : null;
        var hour = Instant.FromUnixTimeSeconds(Hour(state.OccurredAt));
        cells.Figure(cost).Text(query.Tenant).Text(query.Tenant).Text(state.Currency).Figure(Rfc3339.Format(cycle.End)).Figure(Rfc3339.Format(cycle.Start))
            .Figure("Usage").Figure(share.Key.Origin is null ? null : "Correction").Text($"{state.Metric} of {state.AgentId ?? "no agent"}").Figure("Usage-Based")
            .Figure(Rfc3339.Format(hour + Duration.FromHours(1))).Figure(Rfc3339.Format(hour)).Figure(quantity).Text(state.Unit).Figure(cost)
            .Figure(price).Figure(cost).Text(state.Provider).Figure(cost).Figure(price).Figure("Standard").Figure(quantity).Text(state.Unit)
            .Text(state.Provider).Text(state.Provider).Figure(null).Figure(null).Text(state.ResourceId).Text(state.AgentId).Figure(state.AgentId is null ? null : "Agent")
            .Figure(Category(state.Provider)).Text(state.Provider).Text(state.Metric).Figure(null).Text(query.ClientId).Text(query.ClientId)
            .Text(ExportFigures.Attributes(state).ToString()).Flag(sums.Pending > 0).Figure(share.UsageId.ToString()).Text(state.IdempotencyKey)
            .Figure(share.Key.Origin is { } origin ? name(origin) : null).Figure(share.First.Position.ToString(CultureInfo.InvariantCulture)).Text(state.Source)
            .EndRow();
    }

    public void End(ExportSummary summary)
    {
        // Whatever stood here would be a charge to whoever loads it.
    }

    private static long Hour(Instant instant)
    {
        var seconds = instant.ToUnixTimeSeconds();
        return seconds - (((seconds % NodaConstants.SecondsPerHour) + NodaConstants.SecondsPerHour) % NodaConstants.SecondsPerHour);
    }

    private static string Category(string provider) => provider switch
    {
        "retell" or "openrouter" or "llm" => "AI and Machine Learning",
        "twilio" => "Integration",
        _ => "Other",
    };
}
