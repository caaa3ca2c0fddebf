using System.Diagnostics;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.EventLog.Telemetry;

/// <summary>A projection on its way; its name is one of a few.</summary>
internal static class ProjectionTelemetry
{
    /// <summary>A trace of its own: it takes the events of many callers.</summary>
    public static Activity? Begin(IProjection projection) =>
        LogTelemetry.Spans.StartActivity("ledger.projection.advance")?.SetTag(LogTelemetry.Projection, projection.Name);

    public static void Advanced(Activity? span, IProjection projection, long started, long events)
    {
        var name = new KeyValuePair<string, object?>(LogTelemetry.Projection, projection.Name);
        span?.SetTag(LogTelemetry.Events, events);
        LogTelemetry.AdvanceDuration.Record(LogTelemetry.SecondsSince(started), name);
        LogTelemetry.Projected.Add(events, name);
    }
}
