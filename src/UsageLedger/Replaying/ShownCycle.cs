using System.Globalization;
using NodaTime;
using UsageLedger.Reporting;

namespace UsageLedger.Replaying;

/// <summary>A line as the read model holds it, every figure as its text.</summary>
internal sealed record ShownLine(LineKey Key, IReadOnlyList<string> Figures)
{
    public static readonly IReadOnlyList<string> Names = ["quantity", "cost", "records", "pending", "revised", "voided"];

    public static IReadOnlyList<string> Of(LineSums sums) =>
    [
        sums.Quantity.ToString(), sums.Cost.ToString(), Text(sums.Records), Text(sums.Pending), Text(sums.Revised), Text(sums.Voided),
    ];

    public static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Reads the rows of a cycle as they stand in the table, all of them.</summary>
internal static class ShownCycle
{
    private const string Select = """
        select a.provider, a.metric, a.agent_id, a.unit, a.currency, a.origin_start,
               trim_scale(a.quantity)::text, trim_scale(a.cost)::text, a.records, a.pending, a.revised, a.voided
        from read.cycle_aggregates a
        where a.tenant_id = $1 and a.client_id = $2 and a.cycle_start = $3
        """;

    public static async Task<List<ShownLine>> ReadAsync(ReadSnapshot snapshot, string tenant, string clientId, Instant start, CancellationToken ct)
    {
        await using var select = snapshot.Command(
            Select, new() { Value = tenant }, new() { Value = clientId },
            Columns.Of(start));
        await using var reader = await select.ExecuteReaderAsync(ct);
        var lines = new List<ShownLine>();
        while (await reader.ReadAsync(ct))
        {
            var origin = reader.GetInstantOrNull(5);
            var key = new LineKey(
                origin, reader.GetString(0), reader.GetString(1), reader.GetStringOrNull(2), reader.GetString(3), reader.GetString(4));
            lines.Add(new ShownLine(key,
            [
                reader.GetString(6), reader.GetString(7), ShownLine.Text(reader.GetInt64(8)), ShownLine.Text(reader.GetInt64(9)),
                ShownLine.Text(reader.GetInt64(10)), ShownLine.Text(reader.GetInt64(11)),
            ]));
        }

        return lines;
    }
}
