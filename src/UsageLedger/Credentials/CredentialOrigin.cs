namespace UsageLedger.Credentials;

/// <summary>
/// Binds credentials to where they may be sent: the scheme, host and port of the source's base URL when they were set. A source that is
/// pointed elsewhere has none, until they are set again; otherwise whoever may change a base URL could have them sent to a host of his own.
/// </summary>
internal static class CredentialOrigin
{
    /// <summary>Stands among the sealed values. A provider's form has no such name, and the door takes no name that the form has not.</summary>
    public const string Member = "@origin";

    /// <summary>Host in lower case; the scheme's own port is the same as none.</summary>
    public static string Of(Uri baseUrl) => baseUrl.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    public static IReadOnlyDictionary<string, string> Bound(IReadOnlyDictionary<string, string> values, Uri baseUrl) =>
        new Dictionary<string, string>(values, StringComparer.Ordinal) { [Member] = Of(baseUrl) };
}
