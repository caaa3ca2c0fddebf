using System.Globalization;
using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>A usage as the log keeps it, and the events that it goes through.</summary>
internal sealed record SpecUsage(string Key, Instant At)
{
    public const string Tenant = "acme";

    public string? Client { get; init; } = "contoso";

    public string Provider { get; init; } = "retell";

    public string Metric { get; init; } = "call.seconds";

    public string? Agent { get; init; }

    public string Unit { get; init; } = "second";

    public string Currency { get; init; } = "USD";

    public decimal Quantity { get; init; } = 1;

    /// <summary>Null: pending.</summary>
    public decimal? Cost { get; init; } = 0.1m;

    /// <summary>Null: the vendor names none.</summary>
    public decimal? UnitCost { get; init; }

    public Guid Id => DeterministicId.Of("usage", Tenant, "spec", Key);

    public string Stream => Client is null ? StreamNames.Unattributed("spec") : StreamNames.OfClient(Client);

    public AppendItem Recorded() => new(Id, new NewEvent(Id, Stream, EventTypes.UsageRecorded, ToCanonical()));

    /// <summary>One event in each stream that the usage leaves or comes to.</summary>
    public AppendItem RevisedTo(SpecUsage current) => new(Id, null, known => new Decision("revised", [.. new[] { Stream, current.Stream }.Distinct()
        .Select((stream, i) => new NewEvent(
            DeterministicId.Of("revision", Tenant, Key, Text(known.Current.Position), Text(i)), stream, EventTypes.UsageRevised, Both(current), Id))]));

    public AppendItem Voided() => new(Id, null, _ => new Decision("voided", new NewEvent(
        DeterministicId.Of("void", Tenant, Key), Stream, EventTypes.UsageVoided,
        new CanonicalJsonWriter().StartObject().Member("previous", ToCanonical()).Member("reason", "spec").EndObject().Take(), Id)));

    /// <summary>A usage that no program of ours would write: its quantity is no number.</summary>
    public AppendItem Poisoned()
    {
        var json = ToCanonical().ToString().Replace($"\"quantity\":\"{Text(Quantity)}\"", "\"quantity\":\"x\"", StringComparison.Ordinal);
        return new(Id, new NewEvent(Id, Stream, EventTypes.UsageRecorded, new CanonicalJson(System.Text.Encoding.UTF8.GetBytes(json))));
    }

    public static AppendRequest Request(params IEnumerable<AppendItem> items) => new(Tenant, "spec", [.. items]);

    private CanonicalJson ToCanonical()
    {
        var json = new CanonicalJsonWriter().StartObject();
        Optional(json, "agentId", Agent);
        Optional(json, "clientId", Client);
        Optional(json, "cost", Cost is { } cost ? Text(cost) : null);
        json
            .Member("currency", Currency)
            .Member("idempotencyKey", Key)
            .Member("metric", Metric)
            .Member("occurredAt", Rfc3339.Format(At))
            .Member("provider", Provider)
            .Member("quantity", Text(Quantity))
            .Member("source", "spec")
            .Member("unit", Unit);
        Optional(json, "unitCost", UnitCost is { } unitCost ? Text(unitCost) : null);
        return json.EndObject().Take();
    }

    private CanonicalJson Both(SpecUsage current) =>
        new CanonicalJsonWriter().StartObject().Member("current", current.ToCanonical()).Member("previous", ToCanonical()).EndObject().Take();

    private static void Optional(CanonicalJsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.Member(name, value);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
