using System.Text.Json;
using NodaTime;

namespace UsageLedger.Collecting.Twilio;

/// <summary>Reads Twilio's lists and single records of usage.</summary>
internal static class TwilioPages
{
    private const int LinkMax = 2_000;

    public static CollectedPage Read(VendorAccount account, string list, VendorAnswer answer)
    {
        using var document = VendorJson.Parse(answer.Given());
        var (root, name) = (document.RootElement, list == TwilioSids.Messages ? "messages" : "calls");
        if (root.Member(name) is not { ValueKind: JsonValueKind.Array })
        {
            throw new VendorException(VendorException.Unreadable, $"Twilio's list has no {name}.");
        }

        var made = new Normalised();
        foreach (var item in root.Items(name))
        {
            Take(item, list, account, answer.At, made);
        }

        var next = root.Text("next_page_uri");
        return next?.Length > LinkMax
            ? throw new VendorException(VendorException.Unreadable, $"Twilio's link to the next page is longer than {LinkMax} characters.")
            : made.ToPage(next, answer.Body.Length);
    }

    public static CollectedPage? One(VendorAccount account, string list, VendorAnswer answer)
    {
        using var document = VendorJson.Parse(answer.Given());
        var made = new Normalised();
        Take(document.RootElement, list, account, answer.At, made);
        return made.ToPage(null, answer.Body.Length);
    }

    private static void Take(JsonElement item, string list, VendorAccount account, Instant? asOf, Normalised made)
    {
        if (list == TwilioSids.Messages)
        {
            TwilioMessages.Take(item, account.Source, account.Numbers, asOf, made);
        }
        else
        {
            TwilioCalls.Take(item, account.Source, account.Numbers, made);
        }
    }
}
