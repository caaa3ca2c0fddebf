using System.Diagnostics;
using System.Globalization;
using UsageLedger.Telemetry;

namespace UsageLedger.Collecting;

/// <summary>A span and a duration around one try at a vendor. Never the URL: it names accounts, and may hold what a vendor calls a parameter.</summary>
internal sealed class MeasuredTry : IDisposable
{
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly Activity? span;
    private readonly string provider;
    private string outcome = VendorException.Unreachable;

    private MeasuredTry(string provider, Activity? span) => (this.provider, this.span) = (provider, span);

    public static MeasuredTry Begin(string provider) => new(
        provider, LedgerTelemetry.Spans.StartActivity("ledger.vendor.request", ActivityKind.Client)?.SetTag(LedgerTelemetry.Provider, provider));

    public void Answered(int status) => outcome = status.ToString(CultureInfo.InvariantCulture);

    public void Failed(string code) => outcome = code;

    public void Dispose()
    {
        span?.SetTag(LedgerTelemetry.Outcome, outcome).SetStatus(char.IsAsciiDigit(outcome[0]) ? ActivityStatusCode.Unset : ActivityStatusCode.Error).Dispose();
        LedgerTelemetry.VendorDuration.Record(
            LedgerTelemetry.SecondsSince(started), LedgerTelemetry.Tag(LedgerTelemetry.Provider, provider), LedgerTelemetry.Tag(LedgerTelemetry.Outcome, outcome));
    }
}
