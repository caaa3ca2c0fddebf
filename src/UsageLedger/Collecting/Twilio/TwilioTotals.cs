namespace UsageLedger.Collecting.Twilio;

/// <summary>Of Twilio's nested categories those that count each message and call once, held against our metrics.</summary>
internal static class TwilioTotals
{
    /// <summary>A failed message is counted by its fee alone, whether it was text or media.</summary>
    private const string Outbound = "mms.outbound+sms.outbound";

    private static readonly (string Prefix, string Metric)[] Families =
    [
        ("calls-inbound", "call.inbound"),
        ("calls-outbound", "call.outbound"),
        ("failed-message-processing-fee", Outbound),
        ("mms-inbound", "mms.inbound"),
        ("mms-outbound", Outbound),
        ("sms-inbound", "sms.inbound"),
        ("sms-outbound", Outbound),
    ];

    /// <summary>The leaves: categories of which no other one listed for the same day is a part.</summary>
    public static IReadOnlyList<VendorTotal> Leaves(IReadOnlyList<VendorTotal> totals)
    {
        var listed = totals.GroupBy(total => total.From)
            .ToDictionary(day => day.Key, day => day.Select(total => total.Category).Order(StringComparer.Ordinal).ToArray());
        return [.. totals.Where(total => !HasParts(listed[total.From], total.Category)).Select(leaf => leaf with { Metric = MetricOf(leaf.Category) })];
    }

    /// <param name="listed">In order: parts of a category stand together.</param>
    private static bool HasParts(string[] listed, string category)
    {
        var part = category + "-";
        var at = Array.BinarySearch(listed, part, StringComparer.Ordinal);
        return at >= 0 || (~at < listed.Length && listed[~at].StartsWith(part, StringComparison.Ordinal));
    }

    private static string? MetricOf(string category) =>
        Families.FirstOrDefault(family => category == family.Prefix || category.StartsWith(family.Prefix + "-", StringComparison.Ordinal)).Metric;
}
