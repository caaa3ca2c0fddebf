namespace UsageLedger.Reconciling.Reports;

/// <summary>The statuses as they are written.</summary>
public static class StatusWords
{
    public static readonly IReadOnlyList<string> All =
        ["matched", "missing_in_ledger", "missing_at_provider", "quantity_differs", "price_differs", "period_differs"];

    public static string Of(LineStatus status) => All[(int)status];

    /// <summary>As a person reads it.</summary>
    public static string Shown(LineStatus status) => Of(status).Replace('_', ' ');
}
