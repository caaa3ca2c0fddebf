using System.Text;
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
        Providers.Retell => TelephonyBiller.Retell,
        Providers.Twilio => TelephonyBiller.Twilio,
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

        var told = new AttributeList().Add(BilledBy, decided == TelephonyBiller.Retell ? Providers.Retell : Providers.Twilio)
            .Add(ReportedCost, record.Cost is { } cost ? ExactDecimal.ToText(cost) : null);
        return record with { Cost = 0, UnitCost = null, Attributes = told.Add(record.Attributes).ToSorted() };
    }

    /// <summary>
    /// A policy holds for legs that are first told after it: one that was charged before keeps its price, or has the one that is told now.
    /// </summary>
    /// <param name="known">The leg's state before.</param>
    public static UsageRecord Kept(UsageRecord record, UsageRecord known)
    {
        if (known.Cost is not > 0 || Told(known, BilledBy) is not null || !IsSettled(record))
        {
            return record;
        }

        var unsettled = record with { Attributes = [.. record.Attributes.Where(attribute => attribute.Name is not (BilledBy or ReportedCost))] };
        return Reported(record) is { } cost && cost != known.Cost
            ? unsettled with { Cost = cost }
            : unsettled with { Cost = known.Cost, UnitCost = known.UnitCost, Currency = known.Currency };
    }

    /// <summary>The price that the vendor tells and a policy took; null: there is none.</summary>
    public static decimal? Reported(UsageRecord record) =>
        IsSettled(record) && Told(record, ReportedCost) is { } reported && ExactDecimal.Read(Encoding.UTF8.GetBytes(reported), out var cost) == DecimalReading.Exact ? cost : null;

    /// <summary>Whether a policy made it cost nothing.</summary>
    public static bool IsSettled(UsageRecord record) => record.Cost is 0 && Told(record, BilledBy) is not null;

    private static string? Told(UsageRecord record, string name) =>
        record.Attributes.Where(attribute => attribute.Name == name).Select(attribute => attribute.Value).FirstOrDefault();
}
