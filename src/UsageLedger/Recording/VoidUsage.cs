using UsageLedger.EventLog.Appending;

namespace UsageLedger.Recording;

/// <summary>Takes a usage out of every sum. Repeating it changes nothing.</summary>
/// <param name="Usage">The id of the usage: that of its first event.</param>
public sealed record VoidUsage(string Tenant, string CorrelationId, Guid Usage, string Reason)
{
    public const int ReasonMax = TextRules.ReasonMax;
}

/// <summary>Handles <see cref="VoidUsage"/>.</summary>
public static class VoidUsageHandler
{
    /// <summary>Answers with the one item, accepted or duplicate; null if the tenant has no such usage.</summary>
    public static async Task<RecordingAnswer?> Handle(VoidUsage command, LogAppender log, CancellationToken ct)
    {
        var outcome = await log.AppendAsync(Request(command), ct);
        return Answer(command, outcome);
    }

    internal static AppendRequest Request(VoidUsage command) => new(
        command.Tenant, command.CorrelationId, [new AppendItem(command.Usage, null, known => Decide(command, known))]);

    internal static RecordingAnswer? Answer(VoidUsage command, AppendOutcome outcome) =>
        outcome.Items[0].Verdict == Decision.Missing
            ? null
            : RecordingAnswer.Of([RecordedItem.From(0, command.Usage, outcome.Items[0])]);

    /// <summary>Only a usage can be voided, and it is named by its first event.</summary>
    private static Decision Decide(VoidUsage command, KnownEvent known)
    {
        if (known.First.Type != EventTypes.UsageRecorded)
        {
            return new Decision(Decision.Missing);
        }

        var state = UsageState.After(known.Current);
        return state.IsVoided
            ? new Decision(Decision.Duplicate)
            : new Decision(Decision.Accepted, UsageVoided.Event(command.Usage, state, command.Reason));
    }
}
