using System.Diagnostics;
using System.Diagnostics.Metrics;
using UsageLedger.EventLog.Verifying;

namespace UsageLedger.Host.Telemetry;

/// <summary>What a verification found, told once at its end: a job that runs <c>ledger verify</c> every night is watched like a server.</summary>
internal static class VerifyMetrics
{
    public const string Name = "UsageLedger.Verify";
    public const string Events = "ledger.verify.events";
    public const string Damaged = "ledger.verify.damaged";
    public const string Duration = "ledger.verify.duration";

    private static readonly Meter Meter = new(Name);
    private static readonly Gauge<long> EventsGauge = Meter.CreateGauge<long>(Events, "{event}", "Events that the last verification read.");
    private static readonly Gauge<long> DamagedGauge = Meter.CreateGauge<long>(Damaged, "{place}", "Places of the log that the last verification found damaged.");
    private static readonly Gauge<double> DurationGauge = Meter.CreateGauge<double>(Duration, "s", "How long the last verification took.");

    public static void Tell(VerifyOutcome outcome, long started)
    {
        EventsGauge.Record(outcome.Events);
        DamagedGauge.Record(outcome.DamagedTotal);
        DurationGauge.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
