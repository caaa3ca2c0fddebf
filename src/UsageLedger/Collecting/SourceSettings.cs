using System.Globalization;

namespace UsageLedger.Collecting;

/// <summary>Settings that sources of several providers have.</summary>
public static class SourceSettings
{
    /// <summary>The address that the vendor calls, where it is not the one that this server sees.</summary>
    public const string WebhookUrl = "webhookUrl";

    /// <summary>Which of the metadata that the platform's own code gave name whose usage it is.</summary>
    public const string MetadataKeys = "metadataKeys";

    public const string PageSize = "pageSize";

    /// <inheritdoc cref="TelephonyBiller"/>
    public const string TelephonyBilledBy = "telephonyBilledBy";

    internal const string WebhookUrlText = "the public URL of this source's webhook, where a proxy hides it";
    internal const string PageSizeText = "records asked for at once, 1 to 1000; default 1000";

    internal const string MetadataKeysText =
        "names of metadata, separated by commas, that say whose usage it is (mapping keys meta:NAME); "
        + "default client_id,clientId,tenant_id,tenantId,agent_id,agentId; name none that holds personal data";

    private const int PageSizeMax = 1000;

    /// <inheritdoc cref="IUsageCollector.BrokenSetting"/>
    public static string? Broken(string name, string value) => name switch
    {
        PageSize => SizeOf(value) is null ? $"must be a whole number from 1 to {PageSizeMax}" : null,
        TelephonyBilledBy => value is Providers.Retell or Providers.Twilio ? null : $"must be one of {Providers.Retell}, {Providers.Twilio}, or absent",
        _ => null,
    };

    /// <summary>What was configured before its rule was made is as if it were absent; <c>validate</c> says so.</summary>
    internal static int PageSizeOf(Source source) => SizeOf(source.Settings.GetValueOrDefault(PageSize)) ?? PageSizeMax;

    private static int? SizeOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= PageSizeMax ? size : null;
}
