using NodaTime;

namespace UsageLedger.Collecting;

/// <summary>
/// A vendor could not be reached, refused, or answered what cannot be read; or it could not be asked, or its answer not used, as things
/// stand. The message holds no secret and no personal data.
/// </summary>
/// <param name="code">
/// Of the vendor: <c>vendor_unreachable</c>, <c>vendor_refused</c> (credentials), <c>vendor_limited</c>, <c>vendor_failed</c> or
/// <c>vendor_unreadable</c>. Of a source that cannot be asked: <c>unknown_provider</c>, <c>no_credentials</c> or
/// <c>credentials_elsewhere</c> (set for another host). Of sums that are behind the log: <c>ledger_behind</c>. Of what an invoice is to be
/// put together from: <c>no_list</c>, <c>list_too_long</c> or <c>other_currency</c>.
/// </param>
public sealed class VendorException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public const string Unreachable = "vendor_unreachable";
    public const string Refused = "vendor_refused";
    public const string Limited = "vendor_limited";
    public const string Failed = "vendor_failed";
    public const string Unreadable = "vendor_unreadable";

    public string Code { get; } = code;

    /// <summary>Whether it is the vendor's doing, and not to be set right at the source or in what was asked for.</summary>
    public bool IsOfVendor => Code is Unreachable or Refused or Limited or Failed or Unreadable;

    /// <summary>When the vendor asks to be left alone until the next try.</summary>
    public Duration? RetryAfter { get; init; }

    /// <summary>Another try may go better.</summary>
    internal bool MayPass { get; init; }
}
