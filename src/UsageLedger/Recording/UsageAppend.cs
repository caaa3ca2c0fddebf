using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Recording;

/// <summary>A record on its way into the log: what it adds if its key is new, and what if it is known.</summary>
internal sealed class UsageAppend(Guid usage, UsageRecord record, RecordingMode mode, CanonicalJson content, long? askedAfter)
{
    public const string Revised = "revised";

    public AppendItem ToItem(string stream) => new(usage, new NewEvent(usage, stream, EventTypes.UsageRecorded, content), WhenKnown);

    private Decision WhenKnown(KnownEvent known)
    {
        var state = UsageState.After(known.Current);
        if (content == state.Record)
        {
            return new Decision(Decision.Duplicate);
        }

        var incoming = mode is RecordingMode.Polled or RecordingMode.Pushed
            ? CollectedState.After(record, UsageRecordJson.Read(state.Record), mode)
            : record.OccurredAtAssumed ? Timed(UsageRecordJson.Read(state.Record)) : record;
        var verdict = Verdicts.Of(ReferenceEquals(incoming, record) ? content : UsageRecordJson.Write(incoming), mode, state);
        return verdict switch
        {
            Verdict.Duplicate => new Decision(Decision.Duplicate),
            Verdict.Conflict => new Decision(Refusals.KeyReused),
            Verdict.Voided => new Decision(Refusals.Voided),

            // Which of the two is the vendor's later word is not known; the one that is recorded stays until it is asked again.
            _ when known.Current.Position > askedAfter => new Decision(Refusals.Overtaken),
            _ => new Decision(Revised,
                UsageRevised.Events(usage, known.Current.Position, UsageRecordJson.Read(state.Record), incoming))
        };
    }

    /// <summary>A record that names no time says nothing against the time that is known.</summary>
    private UsageRecord Timed(UsageRecord known) =>
        record with { OccurredAt = known.OccurredAt, OccurredAtAssumed = known.OccurredAtAssumed };
}
