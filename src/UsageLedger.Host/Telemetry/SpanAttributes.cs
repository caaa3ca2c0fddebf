using System.Diagnostics;
using OpenTelemetry;

namespace UsageLedger.Host.Telemetry;

/// <summary>Lets a span leave with the attributes that are listed here and no others: frameworks know URLs, addresses and agents of callers.</summary>
internal sealed class SpanAttributes : BaseProcessor<Activity>
{
    public static readonly IReadOnlySet<string> Listed = new HashSet<string>(StringComparer.Ordinal)
    {
        "http.route", "http.request.method", "http.response.status_code", "error.type",
        "ledger.correlation_id", "ledger.events", "ledger.projection", "ledger.provider", "ledger.outcome",
    };

    public override void OnEnd(Activity data)
    {
        foreach (var name in data.TagObjects.Select(tag => tag.Key).Where(name => !Listed.Contains(name)).ToList())
        {
            data.SetTag(name, null);
        }

        // What a caller's own tracing sent along is the caller's.
        data.TraceStateString = null;
    }
}
