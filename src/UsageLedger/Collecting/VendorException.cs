namespace UsageLedger.Collecting;

/// <summary>A vendor could not be reached, refused, or answered what cannot be read. The message holds no secret and no personal data.</summary>
/// <param name="code"><c>vendor_unreachable</c>, <c>vendor_refused</c> (credentials), <c>vendor_limited</c>, <c>vendor_failed</c> or <c>vendor_unreadable</c>.</param>
public sealed class VendorException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
