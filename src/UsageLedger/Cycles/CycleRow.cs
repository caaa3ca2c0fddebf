using NodaTime;
using Npgsql;

namespace UsageLedger.Cycles;

/// <summary>A row of a cycle: a line, or an adjustment if it has an origin.</summary>
internal sealed record CycleRow(
    string Provider, string Metric, string? AgentId, string Unit, string Currency, Instant? Origin,
    string Quantity, string Cost, long Records, long Pending, long Revised, long Voided, string CurrencyTotal)
{
    private const string Zero = "0";

    /// <summary>False for what was voided or moved away whole: it left nothing but its counts of revisions and voids.</summary>
    public bool IsSomething => Records != 0 || Pending != 0 || Quantity != Zero || Cost != Zero;

    public static CycleRow Read(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        reader.IsDBNull(2) ? null : reader.GetString(2),
        reader.GetString(3),
        reader.GetString(4),
        reader.IsDBNull(5) ? null : Instant.FromDateTimeUtc(reader.GetDateTime(5)),
        reader.GetString(6),
        reader.GetString(7),
        reader.GetInt64(8),
        reader.GetInt64(9),
        reader.GetInt64(10),
        reader.GetInt64(11),
        reader.GetString(12));

    /// <summary>Ordinal by provider, metric, agent (none first), unit, currency; adjustments by their origin before that.</summary>
    public static int Compare(CycleRow left, CycleRow right)
    {
        var order = Nullable.Compare(left.Origin, right.Origin);
        order = order != 0 ? order : string.CompareOrdinal(left.Provider, right.Provider);
        order = order != 0 ? order : string.CompareOrdinal(left.Metric, right.Metric);
        order = order != 0 ? order : string.CompareOrdinal(left.AgentId, right.AgentId);
        order = order != 0 ? order : string.CompareOrdinal(left.Unit, right.Unit);
        return order != 0 ? order : string.CompareOrdinal(left.Currency, right.Currency);
    }
}
