using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Cycles;

/// <summary>A cycle was closed with these totals; later usage of it is booked as adjustments elsewhere.</summary>
/// <param name="AsOfPosition">The totals are those of the log up to here, and so is the tree head.</param>
/// <param name="RootHash">Of the tree of <paramref name="AsOfPosition"/> leaves, in hex.</param>
/// <param name="LinesHash">SHA-256, in hex, of the canonical JSON of the cycle's lines and adjustments.</param>
/// <param name="Reason">What was given as the reason, if anything.</param>
public sealed record CycleClosed(
    string ClientId,
    string CycleId,
    Instant Start,
    Instant End,
    string TimeZone,
    long AsOfPosition,
    string RootHash,
    string LinesHash,
    long Records,
    IReadOnlyList<CycleTotal> Totals,
    string? Reason)
{
    /// <summary>The preconditions that were not met when somebody closed the cycle by force.</summary>
    public IReadOnlyList<ClosePrecondition> Overridden { get; init; } = [];

    public CanonicalJson ToCanonical()
    {
        var json = new CanonicalJsonWriter().StartObject()
            .Member("asOfPosition", AsOfPosition.ToString(CultureInfo.InvariantCulture))
            .Member("clientId", ClientId)
            .Member("cycleId", CycleId)
            .Member("end", Rfc3339.Format(End))
            .Member("linesHash", LinesHash);
        if (Overridden.Count > 0)
        {
            Write(json.Name("overridden"), Overridden);
        }

        if (Reason is not null)
        {
            json.Member("reason", Reason);
        }

        json.Member("records", Records.ToString(CultureInfo.InvariantCulture))
            .Member("rootHash", RootHash)
            .Member("start", Rfc3339.Format(Start))
            .Member("timeZone", TimeZone)
            .Name("totals").StartArray();
        foreach (var total in Totals)
        {
            json.StartObject().Member("cost", total.Cost).Member("currency", total.Currency).EndObject();
        }

        return json.EndArray().EndObject().Take();
    }

    public static CycleClosed Read(CanonicalJson data)
    {
        using var json = JsonDocument.Parse(data.Utf8);
        var root = json.RootElement;
        return new CycleClosed(
            root.GetProperty("clientId").GetString()!,
            root.GetProperty("cycleId").GetString()!,
            InstantPattern.ExtendedIso.Parse(root.GetProperty("start").GetString()!).Value,
            InstantPattern.ExtendedIso.Parse(root.GetProperty("end").GetString()!).Value,
            root.GetProperty("timeZone").GetString()!,
            long.Parse(root.GetProperty("asOfPosition").GetString()!, CultureInfo.InvariantCulture),
            root.GetProperty("rootHash").GetString()!,
            root.GetProperty("linesHash").GetString()!,
            long.Parse(root.GetProperty("records").GetString()!, CultureInfo.InvariantCulture),
            [.. root.GetProperty("totals").EnumerateArray().Select(total =>
                new CycleTotal(total.GetProperty("currency").GetString()!, total.GetProperty("cost").GetString()!))],
            root.TryGetProperty("reason", out var reason) ? reason.GetString() : null)
        {
            Overridden = root.TryGetProperty("overridden", out var overridden) ? [.. overridden.EnumerateArray().Select(Precondition)] : [],
        };
    }

    private static void Write(CanonicalJsonWriter json, IReadOnlyList<ClosePrecondition> preconditions)
    {
        json.StartArray();
        foreach (var (name, _, figure, goal) in preconditions)
        {
            json.StartObject().Name("figure");
            _ = figure is null ? json.Null() : json.Text(figure);
            json.Member("goal", goal).Member("name", name).EndObject();
        }

        json.EndArray();
    }

    private static ClosePrecondition Precondition(JsonElement overridden) => new(
        overridden.GetProperty("name").GetString()!, false, overridden.GetProperty("figure").GetString(), overridden.GetProperty("goal").GetString()!);
}

/// <summary>What a cycle costs in one currency; exact, as text.</summary>
public sealed record CycleTotal(string Currency, string Cost);
