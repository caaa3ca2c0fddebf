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

    /// <summary>Reads the columns from this one on, in the order of the members.</summary>
    public static CycleRow Read(NpgsqlDataReader reader, int at) => new(
        reader.GetString(at),
        reader.GetString(at + 1),
        reader.IsDBNull(at + 2) ? null : reader.GetString(at + 2),
        reader.GetString(at + 3),
        reader.GetString(at + 4),
        reader.IsDBNull(at + 5) ? null : Instant.FromDateTimeUtc(reader.GetDateTime(at + 5)),
        reader.GetString(at + 6),
        reader.GetString(at + 7),
        reader.GetInt64(at + 8),
        reader.GetInt64(at + 9),
        reader.GetInt64(at + 10),
        reader.GetInt64(at + 11),
        reader.GetString(at + 12));

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
