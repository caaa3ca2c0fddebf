using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Anomalies;

/// <summary>Up to where the hours of a tenant are judged.</summary>
/// <param name="Version">Of the stream that tells; 0 when none was judged yet.</param>
/// <param name="To">When the last judged hour ended.</param>
internal sealed record EvaluationPlace(long Version, Instant? To)
{
    private const string Select = """
        select e.version, e.data::text from ledger.mt_events e
        where e.tenant_id = $1 and e.stream_id = $2 order by e.version desc limit 1
        """;

    public static async Task<EvaluationPlace> OfAsync(NpgsqlDataSource database, string tenant, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = StreamNames.AnomalyHours });
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new EvaluationPlace(reader.GetInt64(0), AnomaliesEvaluated.Read(CanonicalJsonReader.Canonicalise(reader.GetFieldValue<byte[]>(1))).To)
            : new EvaluationPlace(0, null);
    }
}
