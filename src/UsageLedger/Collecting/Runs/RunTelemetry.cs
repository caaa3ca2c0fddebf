using System.Diagnostics;
using UsageLedger.EventLog.Telemetry;
using UsageLedger.Inbox;
using UsageLedger.Telemetry;

namespace UsageLedger.Collecting.Runs;

/// <summary>What runs tell of themselves, by provider.</summary>
internal static class RunTelemetry
{
    public static Activity? Begin(InboxItem item, Source source) => LedgerTelemetry.Spans.StartActivity("ledger.collection.run")?
        .SetTag(LedgerTelemetry.Provider, source.Provider).SetTag(LogTelemetry.Correlation, item.CorrelationId);

    /// <param name="outcome"><c>completed</c>, <c>goes_on</c>, or the code of the vendor's failure.</param>
    public static void Ended(Activity? span, Source source, string outcome)
    {
        span?.SetTag(LedgerTelemetry.Outcome, outcome);
        LedgerTelemetry.Runs.Add(1, LedgerTelemetry.Tag(LedgerTelemetry.Provider, source.Provider), LedgerTelemetry.Tag(LedgerTelemetry.Outcome, outcome));
    }

    public static void Recorded(Source source, RunCounts counts)
    {
        Count("accepted", counts.Accepted);
        Count("duplicate", counts.Duplicates);
        Count("revised", counts.Revised);
        Count("rejected", counts.Rejected);

        void Count(string outcome, long records)
        {
            if (records > 0)
            {
                LedgerTelemetry.Records.Add(
                    records, LedgerTelemetry.Tag(LedgerTelemetry.Provider, source.Provider), LedgerTelemetry.Tag(LedgerTelemetry.Outcome, outcome));
            }
        }
    }
}
