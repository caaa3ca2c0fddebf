using System.Text.RegularExpressions;
using NodaTime;
using UsageLedger.Answering;

namespace UsageLedger.Collecting.Sources;

/// <summary>Reads the body of <c>PUT /v1/sources/{sourceId}</c>: the configuration whole.</summary>
internal static partial class SourceReader
{
    private const int SettingsMax = 50;
    private const int SettingMax = 1_000;
    private const int UrlMax = 500;

    public static (Source? Source, Problem? Problem) Read(
        CommandFields fields, string tenant, string sourceId, ProviderCatalogue providers, SourceAddresses addresses)
    {
        var provider = providers.Find(fields.RequiredText("provider"));
        var baseUrl = fields.RequiredText("baseUrl", UrlMax);
        var schedule = fields.Text("schedule", CronText.TextMax);
        var lookBack = LookBackOf(fields);
        if (provider is null && fields.Has("provider"))
        {
            fields.Refuse("provider", "unknown_provider", $"must be one of {string.Join(", ", providers.All.Select(known => known.Name))}");
        }

        if (baseUrl.Length > 0 && addresses.Refusal(baseUrl) is { } refusal)
        {
            fields.Refuse("baseUrl", "invalid_url", "must " + refusal);
        }

        if (schedule is not null && !CronText.IsValid(schedule))
        {
            fields.Refuse(
                "schedule", "invalid_schedule", "must be a cron expression in UTC of five fields, or six with seconds, such as */15 * * * *; "
                + "of day of month and day of week at most one may be restricted");
        }

        var settings = SettingsOf(fields, provider);
        return fields.Problem() is { } problem
            ? (null, problem)
            : (new Source(tenant, sourceId, provider!.Name, new Uri(new Uri(baseUrl).AbsoluteUri), schedule, lookBack, settings), null);
    }

    private static Duration LookBackOf(CommandFields fields)
    {
        if (fields.Text("lookBack") is not { } text)
        {
            return LookBack.Default;
        }

        if (LookBack.Parse(text) is { } lookBack)
        {
            return lookBack;
        }

        fields.Refuse("lookBack", "invalid_duration", "must be an ISO 8601 duration of at most 90 days, such as P1D or PT6H, without months, years and fractions");
        return LookBack.Default;
    }

    /// <summary>Of a provider that is known, only the settings that it knows.</summary>
    private static Dictionary<string, string> SettingsOf(CommandFields fields, Provider? provider)
    {
        if (provider is null)
        {
            fields.Texts("settings", SettingsMax, SettingMax);
            return [];
        }

        var child = fields.Child("settings");
        var settings = provider.Collector.Settings.Keys
            .Select(name => (Name: name, Value: child?.Text(name, SettingMax)))
            .Where(setting => setting.Value is not null)
            .ToDictionary(setting => setting.Name, setting => setting.Value!, StringComparer.Ordinal);
        foreach (var (name, value) in settings)
        {
            if (provider.Collector.BrokenSetting(name, value) is { } rule)
            {
                child!.Refuse(name, "invalid_setting", rule);
            }
        }

        if (settings.GetValueOrDefault(SourceSettings.WebhookUrl) is { } url && NamesUser().IsMatch(url))
        {
            child!.Refuse(SourceSettings.WebhookUrl, "invalid_url", "must hold no user name and no password: the log keeps it, and it is shown");
        }

        return settings;
    }

    /// <summary>Whatever stands before an at sign in a URL's authority, also in one that is no good URL otherwise.</summary>
    [GeneratedRegex(@"\A[^/?#]*(?://)?[^/?#]*@", RegexOptions.CultureInvariant)]
    private static partial Regex NamesUser();
}
