using System.Text.Json;
using UsageLedger.EventLog;
using UsageLedger.Recording;

namespace UsageLedger.Replaying;

/// <summary>What an event adds to the client of its own stream, or takes.</summary>
/// <param name="Sign">1 adds the state, -1 takes it.</param>
public readonly record struct UsageDelta(int Sign, UsageRecord State, bool Revises, bool Voids)
{
    /// <summary>
    /// A usage adds itself, a revision takes the state before and adds the one after, a void takes, a mapping moves. A usage that moves is
    /// told in two streams, and each takes or adds only what is its own.
    /// </summary>
    /// <exception cref="UnreadableEventException">The event does not hold what it should.</exception>
    public static IReadOnlyList<UsageDelta> Of(StoredEvent stored) => UnreadableEventException.Read(stored, Told);

    private static IReadOnlyList<UsageDelta> Told(StoredEvent stored) => stored.Type switch
    {
        EventTypes.UsageRecorded => Own(stored, new UsageDelta(1, UsageRecordJson.Read(stored.Data), false, false)),
        EventTypes.UsageRevised => Own(stored, Taken(stored, voids: false), Added(stored, revises: true)),
        EventTypes.UsageAttributed => Own(stored, Taken(stored, voids: false), Added(stored, revises: false)),
        EventTypes.UsageVoided => Own(stored, Taken(stored, voids: true)),
        _ => [],
    };

    private static UsageDelta Taken(StoredEvent stored, bool voids) => new(-1, StateIn(stored, UsageRevised.Previous), false, voids);

    private static UsageDelta Added(StoredEvent stored, bool revises) => new(1, StateIn(stored, UsageRevised.Current), revises, false);

    private static List<UsageDelta> Own(StoredEvent stored, params ReadOnlySpan<UsageDelta> deltas)
    {
        var own = new List<UsageDelta>(deltas.Length);
        foreach (var delta in deltas)
        {
            if (delta.State.Stream == stored.Stream)
            {
                own.Add(delta);
            }
        }

        return own;
    }

    private static UsageRecord StateIn(StoredEvent stored, string member)
    {
        var json = new Utf8JsonReader(stored.Data.Utf8.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = json.ValueTextEquals(member);
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (found)
            {
                return UsageRecordJson.Read(new CanonicalJson(stored.Data.Utf8[start..(int)json.BytesConsumed]));
            }
        }

        throw new InvalidDataException($"Event {stored.Position}, a {stored.Type}, has no {member}.");
    }
}
