using System.Text.Json;
using UsageLedger.EventLog;
using UsageLedger.Recording;

namespace UsageLedger.Auditing;

/// <summary>Which usage a correction is about, by what it says itself.</summary>
public static class EventSubjects
{
    /// <summary>The id of the usage; null if the event does not say.</summary>
    public static Guid? Of(StoredEvent correction)
    {
        string? source = null, key = null;
        try
        {
            var json = new Utf8JsonReader(UsageState.After(correction).Record.Utf8.Span);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var member = UsageMembers.Find(json.ValueSpan);
                json.Read();
                source = member == UsageMember.Source ? json.GetString() : source;
                key = member == UsageMember.IdempotencyKey ? json.GetString() : key;
                json.Skip();
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return source is null || key is null ? null : new UsageKey(correction.Tenant, source, key).Id;
    }
}
