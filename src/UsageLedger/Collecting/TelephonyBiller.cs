using UsageLedger.Recording;

namespace UsageLedger.Collecting;

/// <summary>Who charges a telephone leg that two vendors tell of.</summary>
internal enum TelephonyBiller
{
    /// <summary>Whoever reports a price; if both do, Twilio, who carries the leg (<see cref="Runs.TelephonyLinks"/>).</summary>
    Reporter,
    Retell,
    Twilio
}

/// <summary>Decides whether a record's price of telephony counts.</summary>
internal static class TelephonyBilling
{
    public const string BilledBy = "billedBy";
    public const string ReportedCost = "reportedCost";

    public static TelephonyBiller Of(Source source) => source.Settings.GetValueOrDefault(SourceSettings.TelephonyBilledBy) switch
    {
        "retell" => TelephonyBiller.Retell,
        "twilio" => TelephonyBiller.Twilio,
        _ => TelephonyBiller.Reporter
    };

    /// <summary>The record as it is, or costing nothing because the other vendor charges the leg; the price that was told stays an attribute.</summary>
    /// <param name="by">Whose record it is.</param>
    public static UsageRecord Settle(UsageRecord record, TelephonyBiller by, TelephonyBiller decided)
    {
        if (decided == TelephonyBiller.Reporter || decided == by)
        {
            return record;
        }

        var told = new AttributeList().Add(BilledBy, decided == TelephonyBiller.Retell ? "retell" : "twilio")
            .Add(ReportedCost, record.Cost is { } cost ? ExactDecimal.ToText(cost) : null);
        return record with { Cost = 0, UnitCost = null, Attributes = told.Add(record.Attributes).ToSorted() };
    }
}
