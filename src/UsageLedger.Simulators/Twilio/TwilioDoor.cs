using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Twilio;

/// <summary>Who may ask for what, and how Twilio says no.</summary>
internal static class TwilioDoor
{
    /// <summary>Null: may. An account may ask for itself and for its subaccounts.</summary>
    public static IResult? May(HttpRequest request, SimDirectory directory, string? sid)
    {
        if (Caller(request, directory) is not { } caller)
        {
            return Error(StatusCodes.Status401Unauthorized, 20003, "Authenticate");
        }

        return directory.TwilioAccounts.Any(account => account.Sid == sid && (account.Sid == caller.Sid || account.Owner == caller.Sid))
            ? null : NotFound(sid ?? string.Empty);
    }

    public static IResult NotFound(string what) =>
        Error(StatusCodes.Status404NotFound, 20404, $"The requested resource /{TwilioWire.Version}/Accounts/{what}.json was not found");

    public static IResult Error(int status, int code, string message) =>
        Results.Json(new { code, message, more_info = $"https://www.twilio.com/docs/errors/{code}", status }, TwilioWire.Options, statusCode: status);

    public static object Write(TwilioAccount account) => new
    {
        auth_token = (string?)null,
        friendly_name = account.Name,
        owner_account_sid = account.Owner ?? account.Sid,
        sid = account.Sid,
        status = "active",
        type = "Full",
        uri = TwilioWire.Account(account.Sid) + ".json",
    };

    private static TwilioAccount? Caller(HttpRequest request, SimDirectory directory)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var shown)
            || !string.Equals(shown.Scheme, "Basic", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[shown.Parameter?.Length ?? 0];
        var pair = Convert.TryFromBase64String(shown.Parameter ?? string.Empty, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : string.Empty;
        return directory.TwilioAccounts.FirstOrDefault(account =>
            pair == $"{account.Sid}:{account.AuthToken}" || pair == $"{account.KeySid}:{account.KeySecret}");
    }
}
