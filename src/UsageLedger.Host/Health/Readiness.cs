using System.Globalization;
using Npgsql;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Host.Health;

/// <param name="Status"><c>ready</c>, <c>degraded</c> or <c>unready</c>.</param>
/// <param name="Reason">Why it is not ready, and what to do; null when it is.</param>
internal sealed record ReadyCheck(string Name, string Status, string? Reason);

/// <param name="Status">The worst of the checks.</param>
internal sealed record ReadyReport(string Status, IReadOnlyList<ReadyCheck> Checks);

/// <summary>Unready only when usage cannot be recorded; a read model that lags or has stopped is a degradation with a reason.</summary>
internal sealed class Readiness(NpgsqlDataSource database)
{
    public const string Ready = "ready";
    public const string Degraded = "degraded";
    public const string Unready = "unready";

    private const long LagMax = 100_000;
    private const int AnswerSeconds = 3;

    private const string Probe = "select position from ledger.log_head";

    public async Task<ReadyReport> CheckAsync(CancellationToken ct)
    {
        var log = await LogAsync(ct);
        IReadOnlyList<ReadyCheck> checks = log.Status == Ready ? [log, .. await ProjectionsAsync(ct)] : [log];
        var worst = checks.Any(check => check.Status == Unready) ? Unready : checks.Any(check => check.Status == Degraded) ? Degraded : Ready;
        return new ReadyReport(worst, checks);
    }

    private async Task<ReadyCheck> LogAsync(CancellationToken ct)
    {
        try
        {
            await using var probe = database.CreateCommand(Probe);
            probe.CommandTimeout = AnswerSeconds;
            await probe.ExecuteScalarAsync(ct);
            return new ReadyCheck("log", Ready, null);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return new ReadyCheck("log", Unready, "The database does not answer; see the log of this process for why.");
        }
    }

    private async Task<IEnumerable<ReadyCheck>> ProjectionsAsync(CancellationToken ct)
    {
        var all = await ProjectionStore.AllAsync(database, ct);
        return all.Select(projection => projection switch
        {
            { State: "stopped" } => new ReadyCheck(projection.Name, Degraded, string.Create(
                CultureInfo.InvariantCulture,
                $"Stopped at position {projection.FailedPosition}; mend the cause, then run 'ledger projections resume {projection.Name}'.")),
            { Lag: > LagMax } => new ReadyCheck(projection.Name, Degraded, string.Create(
                CultureInfo.InvariantCulture, $"{projection.Lag} events behind the log.")),
            _ => new ReadyCheck(projection.Name, Ready, null),
        });
    }
}
