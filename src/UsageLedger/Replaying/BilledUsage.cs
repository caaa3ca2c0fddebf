using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Matching;
using UsageLedger.Recording;

namespace UsageLedger.Replaying;

/// <summary>
/// What an event adds to a vendor's bill, or takes from it. The statement that reconciliations read with says the same in SQL
/// (<c>ledger.billed_usage</c>); this is for those who do not want to believe it.
/// </summary>
internal static partial class BilledUsage
{
    private const string Twilio = Collecting.Providers.Twilio;
    private const string Segment = "segment";
    private const long QuarterTicks = 15 * NodaConstants.TicksPerMinute;

    /// <summary>Mappings move usage between clients and change nothing of what a vendor charges.</summary>
    public static readonly string[] Types = [EventTypes.UsageRecorded, EventTypes.UsageRevised, EventTypes.UsageVoided];

    private static readonly string[] NativeIds = ["callId", "callSid", "messageSid", "generationId"];

    /// <exception cref="UnreadableEventException">The event does not hold what it should.</exception>
    public static IEnumerable<LedgerRow> Of(StoredEvent stored, ProviderInvoice invoice, Interval time) =>
        from delta in UsageDelta.Of(stored)
        let state = delta.State
        where state.Provider == invoice.Provider && (invoice.SourceId is null || state.Source == invoice.SourceId) && time.Contains(state.OccurredAt)
        select Row(state, delta.Sign);

    private static LedgerRow Row(UsageRecord state, int sign) => new(
        state.Metric, state.Unit, state.Currency, state.ResourceId, NativeIds.Select(name => Told(state, name)).FirstOrDefault(id => id is not null) ?? state.IdempotencyKey,
        IsFailed(state) && state.Unit == Segment ? "message.failed" : null,
        state.Provider != Twilio ? null : Told(state, "billedMinutes") is not null ? "minute" : state.Unit == Segment ? "message" : null,
        sign * Billed(state), Quarter(state.OccurredAt), new Figures(sign * state.Quantity, sign * (state.Cost ?? 0), sign, state.Cost is null ? sign : 0),
        IsFailed(state) && state.Unit == Segment && state.Cost == 0);

    /// <summary>What else the vendor counts: minutes as it rounds them, or records, but no message that failed free of charge.</summary>
    private static decimal Billed(UsageRecord state) =>
        state.Provider == Twilio && Told(state, "billedMinutes") is { } minutes ? (Amount().IsMatch(minutes) ? decimal.Parse(minutes, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0)
        : IsFailed(state) && state.Cost == 0 ? 0
        : 1;

    private static bool IsFailed(UsageRecord state) => state.Provider == Twilio && Told(state, "status") == "failed";

    private static string? Told(UsageRecord state, string name) => state.Attributes.FirstOrDefault(attribute => attribute.Name == name).Value;

    private static Instant Quarter(Instant at) => Instant.FromUnixTimeTicks(at.ToUnixTimeTicks() / QuarterTicks * QuarterTicks);

    [GeneratedRegex(@"\A[0-9]{1,12}(\.[0-9]{1,15})?\z")]
    private static partial Regex Amount();
}
