using NodaTime;
using Npgsql;
using NpgsqlTypes;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Runs;

/// <summary>Tells collectors what the ledger was told already.</summary>
public sealed class CapturedReads(NpgsqlDataSource database, LogReader log, ReadModels models)
{
    /// <summary>Sums of other currencies can be no part of this vendor's total.</summary>
    private const string Select = """
        select api_key, resource_id, metric, remainder, quantity, cost, byok_cost, pending
        from read.captured_usage
        where tenant_id = $1 and source = $2 and day = $3 and currency = $4 and records > 0
        order by api_key, resource_id, metric, remainder
        """;

    public CapturedSums Of(Source source) => (day, ct) => ReadAsync(source, day, ct);

    /// <summary>Waits for all that is in the log now: what it does not see would be booked a second time.</summary>
    /// <exception cref="VendorException">The sums are behind; the run is tried again.</exception>
    private async Task<IReadOnlyList<CapturedSum>> ReadAsync(Source source, LocalDate day, CancellationToken ct)
    {
        if (!await models.WaitForAsync(await log.HeadAsync(ct), [CapturedUsage.ProjectionName], ct))
        {
            throw new VendorException("ledger_behind", "The sums of what was told already are behind the log; what is missing cannot be known yet.");
        }

        await using var select = database.CreateCommand(Select);
        select.Parameters.Add(new() { Value = source.Tenant });
        select.Parameters.Add(new() { Value = source.Id });
        select.Parameters.Add(new() { Value = day.ToDateOnly(), NpgsqlDbType = NpgsqlDbType.Date });
        select.Parameters.Add(new() { Value = Currencies.Default });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var sums = new List<CapturedSum>();
        while (await reader.ReadAsync(ct))
        {
            sums.Add(new CapturedSum(
                reader.GetStringOrNull(0), reader.GetStringOrNull(1), reader.GetString(2), reader.GetStringOrNull(3), reader.GetDecimal(4),
                reader.GetDecimal(5),
                reader.GetDecimal(6), reader.GetInt64(7)));
        }

        return sums;
    }
}
