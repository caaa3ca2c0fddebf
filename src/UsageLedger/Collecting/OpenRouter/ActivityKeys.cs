using System.Globalization;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>An API key of the account. Broadcasts name it by its name, activity is told by its hash.</summary>
internal sealed record ActivityKey(string Hash, string? Name);

/// <summary>Lists the account's API keys.</summary>
internal static class ActivityKeys
{
    /// <summary>Usage of keys beyond it is booked without naming its key.</summary>
    public const int KeysMax = 1_000;

    private const int PagesMax = 100;

    /// <summary>Page by page until one brings no key that was not listed before.</summary>
    public static async Task<IReadOnlyList<ActivityKey>> ReadAsync(VendorAccount account, CancellationToken ct)
    {
        var keys = new Dictionary<string, ActivityKey>(StringComparer.Ordinal);
        var offset = 0;
        for (var pages = 0; pages < PagesMax && keys.Count < KeysMax; pages++)
        {
            var page = await PageAsync(account, offset, ct);
            var known = keys.Count;
            page.ForEach(key => keys.TryAdd(key.Hash, key));
            if (keys.Count == known)
            {
                break;
            }

            offset += page.Count;
        }

        return [.. keys.Values.Take(KeysMax)];
    }

    private static Task<List<ActivityKey>> PageAsync(VendorAccount account, int offset, CancellationToken ct) => account.AskAsync(
        credential => OpenRouterRequests.Get(
            account.Source, string.Create(CultureInfo.InvariantCulture, $"keys?include_disabled=true&offset={offset}"),
            credential.Values[OpenRouterCollector.ManagementKey]),
        answer =>
        {
            using var document = VendorJson.Parse(answer.Given());
            return document.RootElement.Items("data").Select(key => (Hash: key.Text("hash"), Name: key.Text("name")))
                .Where(key => !string.IsNullOrEmpty(key.Hash)).Select(key => new ActivityKey(key.Hash!, key.Name)).ToList();
        },
        ct);
}
