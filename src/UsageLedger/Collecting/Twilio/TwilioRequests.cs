namespace UsageLedger.Collecting.Twilio;

/// <summary>How Twilio is asked: with an API key if there is one, else with the account's own token.</summary>
internal static class TwilioRequests
{
    private const string Version = "/2010-04-01/";

    public static HttpRequestMessage Below(Source source, Credential credential, string path) =>
        Signed(source.Below($"2010-04-01/Accounts/{Uri.EscapeDataString(AccountOf(source, credential))}/{path}"), credential);

    /// <summary>Goes on where Twilio's own link leads, which is relative to the host and stays within its API.</summary>
    /// <exception cref="VendorException">It leads elsewhere.</exception>
    public static HttpRequestMessage Follow(Source source, Credential credential, string link) =>
        link.StartsWith(Version, StringComparison.Ordinal) && Uri.TryCreate(source.BaseUrl, link, out var next)
            ? Signed(next, credential)
            : throw new VendorException(VendorException.Unreadable, "Twilio's link to the next page does not lead to its API; it is not followed.");

    public static string AccountOf(Source source, Credential credential) =>
        source.Settings.GetValueOrDefault(TwilioCollector.AccountSid) ?? credential.Values[TwilioCollector.AccountSid];

    private static HttpRequestMessage Signed(Uri uri, Credential credential)
    {
        var values = credential.Values;
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        return values.TryGetValue(TwilioCollector.ApiKeySid, out var key) && values.TryGetValue(TwilioCollector.ApiKeySecret, out var secret)
            ? request.Basic(key, secret)
            : request.Basic(values[TwilioCollector.AccountSid], values[TwilioCollector.AuthToken]);
    }
}
