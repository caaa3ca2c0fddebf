using System.Globalization;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Host.Health;

/// <summary>A read model that lags or has stopped degrades the reads of it; nothing that is recorded is lost by it.</summary>
internal static class ProjectionReadiness
{
    public const long LagMax = 100_000;
    public const long StillSecondsMax = 60;

    public static ReadyCheck Of(ProjectionStatus projection) => projection switch
    {
        { State: "stopped" } => new ReadyCheck(projection.Name, Readiness.Degraded, string.Create(
            CultureInfo.InvariantCulture,
            $"Stopped at position {projection.FailedPosition}; mend the cause, then run 'ledger projections resume {projection.Name}'.")),
        { Lag: > LagMax } => new ReadyCheck(projection.Name, Readiness.Degraded, string.Create(
            CultureInfo.InvariantCulture,
            $"{projection.Lag} events behind the log, which is more than {LagMax}; wait while 'ledger projections status' shows it gaining, else see the log of the server that runs it.")),
        { StillSeconds: > StillSecondsMax } => new ReadyCheck(projection.Name, Readiness.Degraded, string.Create(
            CultureInfo.InvariantCulture,
            $"{projection.Lag} events wait and it has not moved for {projection.StillSeconds} s; see the log of the server that runs it, and whether somebody holds a lock on its tables.")),
        _ => new ReadyCheck(projection.Name, Readiness.Ready, null),
    };
}
