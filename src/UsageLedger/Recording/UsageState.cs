using System.Text.Json;
using UsageLedger.Attributing;
using UsageLedger.EventLog;

namespace UsageLedger.Recording;

/// <summary>What the log holds of a usage: its record as last revised, and whether it was voided.</summary>
/// <param name="AsSent">The record before a mapping gave it its client; null if the client is the record's own, or there is none.</param>
public readonly record struct UsageState(CanonicalJson Record, bool IsVoided, CanonicalJson? AsSent = null)
{
    /// <summary>The state after this event, the latest about a usage.</summary>
    /// <exception cref="InvalidDataException">The event is not about a usage.</exception>
    public static UsageState After(StoredEvent latest) => latest.Type switch
    {
        EventTypes.UsageRecorded => new UsageState(latest.Data, false),
        EventTypes.UsageRevised => new UsageState(Member(latest, UsageRevised.Current), false),
        EventTypes.UsageVoided => new UsageState(Member(latest, UsageVoided.Previous), true, Find(latest, UsageVoided.AsSent)),
        EventTypes.UsageAttributed => new UsageState(Member(latest, UsageAttributed.Current), false, Member(latest, UsageAttributed.Previous)),
        _ => throw new InvalidDataException($"Event {latest.Position} is a {latest.Type}, which says nothing of a usage.")
    };

    private static CanonicalJson Member(StoredEvent @event, string name) => Find(@event, name)
        ?? throw new InvalidDataException($"Event {@event.Position}, a {@event.Type}, has no {name}.");

    private static CanonicalJson? Find(StoredEvent @event, string name)
    {
        var json = new Utf8JsonReader(@event.Data.Utf8.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = json.ValueTextEquals(name);
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (found)
            {
                return new CanonicalJson(@event.Data.Utf8[start..(int)json.BytesConsumed]);
            }
        }

        return null;
    }
}
