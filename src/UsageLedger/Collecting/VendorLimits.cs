namespace UsageLedger.Collecting;

/// <summary>How hard a vendor's API may be asked, for one source.</summary>
/// <param name="RequestsPerSecond">On average.</param>
/// <param name="ConcurrencyMax">Requests under way at once.</param>
/// <param name="PagesMax">Of one run; a run that reaches it goes on from its cursor in the next.</param>
/// <param name="PageBytesMax">Of one answer.</param>
public sealed record VendorLimits(int RequestsPerSecond, int ConcurrencyMax, int PagesMax, int PageBytesMax);
