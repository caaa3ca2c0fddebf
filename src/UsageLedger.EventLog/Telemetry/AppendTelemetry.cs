using System.Diagnostics;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.EventLog.Telemetry;

/// <summary>An append as seen by its caller, and the commit that it became a part of.</summary>
internal static class AppendTelemetry
{
    private const int LinksMax = 32;

    public static Activity? Begin(AppendRequest request) =>
        LogTelemetry.Spans.StartActivity("ledger.append")?.SetTag(LogTelemetry.Events, request.Items.Count).SetTag(LogTelemetry.Correlation, request.CorrelationId);

    public static void Appended(long started) => LogTelemetry.AppendDuration.Record(LogTelemetry.SecondsSince(started));

    public static void Failed(Activity? span, Exception failure)
    {
        var type = Type(failure);
        span?.SetTag(LogTelemetry.ErrorType, type).SetStatus(ActivityStatusCode.Error);
        LogTelemetry.AppendFailures.Add(1, new KeyValuePair<string, object?>(LogTelemetry.ErrorType, type));
    }

    /// <summary>A group commits for many callers: it belongs to the first one's trace, and links to those of the others.</summary>
    public static Activity? BeginCommit(IReadOnlyList<PendingAppend> group)
    {
        if (!LogTelemetry.Spans.HasListeners())
        {
            return null;
        }

        var callers = group.Select(pending => pending.Caller).Where(caller => caller != default).Take(LinksMax + 1).ToList();
        return LogTelemetry.Spans.StartActivity(
            "ledger.commit", ActivityKind.Internal, callers.FirstOrDefault(), links: callers.Skip(1).Select(caller => new ActivityLink(caller)));
    }

    public static void Committed(Activity? span, long started, IReadOnlyList<AppendOutcome> outcomes)
    {
        var events = 0L;
        foreach (var outcome in outcomes)
        {
            foreach (var item in outcome.Items)
            {
                events += item.Appended;
            }
        }

        span?.SetTag(LogTelemetry.Events, events);
        LogTelemetry.CommitDuration.Record(LogTelemetry.SecondsSince(started));
        LogTelemetry.Appended.Add(events);
    }

    /// <summary>One of a few words, never an exception's text.</summary>
    private static string Type(Exception failure) => failure switch
    {
        LogBusyException => "log_busy",
        ForeignAppendException => "log_blocked",
        ClockAheadException => "clock_ahead",
        OperationCanceledException => "caller_gone",
        _ when DatabaseFailure.Is(failure) => "database",
        _ => "internal",
    };
}
