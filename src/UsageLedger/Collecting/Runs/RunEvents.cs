using System.Globalization;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Collecting.Runs;

/// <summary>What a run leaves in its source's stream. Told again after a crash, each is the same event still.</summary>
internal static class RunEvents
{
    public static NewEvent Started(RunPlace run, RunState state) => Event(
        EventTypes.CollectionStarted, run, "", [.. Window(run, state), ("requestedAt", Rfc3339.Format(run.RequestedAt))]);

    /// <summary>The id of the event that tells of a run's start, however often it is told.</summary>
    public static Guid StartedId(string tenant, Guid run) => DeterministicId.Of(EventTypes.CollectionStarted, tenant, run.ToString(), "");

    public static NewEvent Completed(RunPlace run, RunState state) => Event(
        EventTypes.CollectionCompleted, run, "",
        [.. Window(run, state), .. Counts(state), .. Shortfall(state)],
        ("hours", state.Tally?.HoursJson()), ("notes", Notes([.. Untold(state), .. state.Notes ?? []])), ("repeats", state.Tally?.RepeatsJson()));

    /// <summary>A run may fail, be tried again and fail: each failure is told, whichever series of tries it is of.</summary>
    public static NewEvent Failed(RunPlace run, RunState state, int attempt, VendorException failure) => Event(
        EventTypes.CollectionFailed, run, Text(state.Tries),
        [.. Window(run, state), .. Counts(state), ("attempt", Text(attempt)), ("code", failure.Code), ("message", failure.Message)]);

    private static IEnumerable<(string Name, string Value)> Window(RunPlace run, RunState state) =>
    [
        ("runId", run.Id.ToString()), ("sourceId", run.SourceId), ("from", Rfc3339.Format(state.From!.Value)), ("to", Rfc3339.Format(state.To!.Value)),
    ];

    private static IEnumerable<(string Name, string Value)> Counts(RunState state) =>
    [
        ("pages", Text(state.Counts.Pages)), ("records", Text(state.Counts.Records)), ("accepted", Text(state.Counts.Accepted)),
        ("duplicates", Text(state.Counts.Duplicates)), ("revised", Text(state.Counts.Revised)), ("rejected", Text(state.Counts.Rejected)),
        ("bytes", Text(state.Counts.Bytes)), ("elapsedMs", Text(state.ElapsedMs)),
    ];

    /// <summary>What the run ended without.</summary>
    private static IEnumerable<(string Name, string Value)> Shortfall(RunState state) =>
    [
        .. state.PendingFailure is { } why ? [("pendingFailure", why)] : Array.Empty<(string, string)>(),
        .. state.ProvenFrom is { } proven ? [("provenFrom", Rfc3339.Format(proven))] : Array.Empty<(string, string)>(),
    ];

    /// <summary>Days of the window are named as an interval, the last of them within it.</summary>
    private static IEnumerable<RecordNote> Untold(RunState state) => state.ProvenFrom is { } proven
        ? [new($"{Day(state.From!.Value)}/{Day(proven - Duration.Epsilon)}", "The vendor told nothing of these days any more: what was not collected of them before is not known.")]
        : [];

    private static string Day(Instant at) => LocalDatePattern.Iso.Format(at.InUtc().Date);

    private static NewEvent Event(string type, RunPlace run, string occasion, IEnumerable<(string Name, string Value)> members, params (string Name, CanonicalJson? Value)[] lists)
    {
        var values = members.Select(member => (member.Name, Value: new CanonicalJsonWriter().Text(member.Value).Take()))
            .Concat(lists.Where(list => list.Value is not null).Select(list => (list.Name, list.Value!.Value)));
        var json = new CanonicalJsonWriter().StartObject();
        foreach (var (name, value) in values.OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            json.Member(name, value);
        }

        return new NewEvent(
            DeterministicId.Of(type, run.Tenant, run.Id.ToString(), occasion), StreamNames.OfSource(run.SourceId), type, json.EndObject().Take());
    }

    private static CanonicalJson? Notes(IReadOnlyList<RecordNote> notes)
    {
        if (notes.Count == 0)
        {
            return null;
        }

        var json = new CanonicalJsonWriter().StartArray();
        foreach (var (nativeId, note) in notes)
        {
            json.StartObject().Member("nativeId", nativeId).Member("note", note).EndObject();
        }

        return json.EndArray().Take();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Which run, and of which source.</summary>
internal sealed record RunPlace(string Tenant, string SourceId, Guid Id, Instant RequestedAt);
