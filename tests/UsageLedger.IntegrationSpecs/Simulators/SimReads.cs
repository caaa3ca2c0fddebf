using System.Text.Json;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>Reads whole lists from a simulator as the vendors document it.</summary>
internal static class SimReads
{
    private const int PagesMax = 1_000;

    public static async Task<List<JsonElement>> RetellCallsAsync(this SimServer server, string order = "ascending", int limit = 7)
    {
        var (calls, key) = (new List<JsonElement>(), (string?)null);
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var body = new Dictionary<string, object> { ["sort_order"] = order, ["limit"] = limit };
            if (key is not null)
            {
                body["pagination_key"] = key;
            }

            var page = await server.PostAsync("/retell/v3/list-calls", server.Retell, body);
            calls.AddRange(page.GetProperty("items").EnumerateArray());
            if (!page.GetProperty("has_more").GetBoolean())
            {
                return calls;
            }

            key = page.GetProperty("pagination_key").GetString();
        }

        throw new InvalidOperationException("The list of calls has no end.");
    }

    /// <param name="prefix">Put before each <c>next_page_uri</c>: what a client's base URL has beside the host.</param>
    public static async Task<List<JsonElement>> TwilioAsync(this SimServer server, string list, string member, int account = 0, string prefix = "/twilio")
    {
        var items = new List<JsonElement>();
        var uri = (string?)$"/2010-04-01/Accounts/{server.Directory.TwilioAccounts[account].Sid}/{list}";
        for (var pages = 0; pages < PagesMax && uri is not null; pages++)
        {
            var page = await server.GetAsync(prefix + uri, server.Twilio());
            items.AddRange(page.GetProperty(member).EnumerateArray());
            uri = page.GetProperty("next_page_uri").GetString();
        }

        uri.ShouldBeNull("the list has no end");
        return items;
    }

    /// <summary>Without what shifting pages told twice.</summary>
    public static List<JsonElement> Once(this IEnumerable<JsonElement> items, string id) => [.. items.DistinctBy(item => item.GetProperty(id).GetString())];
}
