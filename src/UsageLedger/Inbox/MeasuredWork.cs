using System.Diagnostics;
using UsageLedger.EventLog.Telemetry;
using UsageLedger.Telemetry;

namespace UsageLedger.Inbox;

/// <summary>A span and a duration around the work on one item.</summary>
internal sealed class MeasuredWork : IDisposable
{
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly Activity? span;
    private readonly string kind;

    private MeasuredWork(string kind, Activity? span) => (this.kind, this.span) = (kind, span);

    /// <summary>Where the item stands; as long as nobody says else, it failed.</summary>
    public string Outcome { get; set; } = InboxStatuses.Failed;

    public static MeasuredWork Begin(InboxItem item) => new(item.Kind, LedgerTelemetry.Spans.StartActivity($"ledger.inbox.{item.Kind}", ActivityKind.Consumer)?
        .SetTag(LogTelemetry.Correlation, item.CorrelationId));

    public void Dispose()
    {
        span?.SetTag(LedgerTelemetry.Outcome, Outcome).SetStatus(Outcome == InboxStatuses.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Unset).Dispose();
        LedgerTelemetry.InboxDuration.Record(
            LedgerTelemetry.SecondsSince(started), LedgerTelemetry.Tag(LedgerTelemetry.Kind, kind), LedgerTelemetry.Tag(LedgerTelemetry.Outcome, Outcome));
    }
}
