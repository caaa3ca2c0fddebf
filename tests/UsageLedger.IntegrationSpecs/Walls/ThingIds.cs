using System.Text.RegularExpressions;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>What somebody names in a path, a query or a body: one name for each kind of thing that a tenant has.</summary>
internal sealed partial class ThingIds(IReadOnlyDictionary<string, string> values)
{
    public string this[string kind] => values[kind];

    /// <summary>Nobody has these; each is of the form that its kind asks for.</summary>
    public static ThingIds OfNothing { get; } = new(new Dictionary<string, string>
    {
        ["clientId"] = "nobody-here",
        ["cycleId"] = "2026-09",
        ["sourceId"] = "no-source",
        ["mappingId"] = "no-mapping",
        ["agentId"] = "no-agent",
        ["runId"] = "1b4e28ba-2fa1-41d2-883f-b9a761bde3f0",
        ["inboxId"] = "1b4e28ba-2fa1-41d2-883f-b9a761bde3f1",
        ["anomalyId"] = "1b4e28ba-2fa1-81d2-883f-b9a761bde3f2",
        ["invoiceId"] = "1b4e28ba-2fa1-81d2-883f-b9a761bde3f3",
        ["reconciliationId"] = "1b4e28ba-2fa1-81d2-883f-b9a761bde3f4",
        ["eventId"] = "1b4e28ba-2fa1-81d2-883f-b9a761bde3f5",
        ["position"] = "900000000000",
        ["invoiceNumber"] = "INV-NONE",
        ["correlationId"] = "no-order",
        ["tenant"] = "nobody",
    });

    /// <summary>The text with each <c>{kind}</c> named.</summary>
    public string Fill(string text) => Place().Replace(text, match => values[match.Groups["kind"].Value]);

    /// <summary>The text as it would be whoever's ids were asked for: without them. A public key is everybody's, and any letter or digit may stand alone in it.</summary>
    public string Forget(string text) => text.StartsWith("-----BEGIN PUBLIC KEY-----", StringComparison.Ordinal)
        ? text
        : values.Where(value => value.Key != "cycleId").OrderByDescending(value => value.Value.Length)
            .Aggregate(text, (told, value) => Regex.Replace(told, $@"(?<![\w-]){Regex.Escape(value.Value)}(?![\w-])", $"<{value.Key}>"));

    /// <summary>Those that are names of the tenant's things and not of a month.</summary>
    public IEnumerable<string> Names => values.Where(value => value.Key is not ("cycleId" or "position" or "tenant")).Select(value => value.Value);

    [GeneratedRegex(@"\{(?<kind>\w+)\}")]
    private static partial Regex Place();
}
