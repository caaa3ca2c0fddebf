using System.Globalization;
using System.Text.Json;
using NodaTime.TimeZones;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger;

/// <summary>An event does not hold what its type says. No door appends such: somebody changed it, or a later version of this program wrote it.</summary>
public sealed class UnreadableEventException : Exception
{
    public UnreadableEventException(long position, string type, Exception cause)
        : base(string.Create(CultureInfo.InvariantCulture, $"The event at position {position} cannot be read as a {type}; 'ledger verify' tells whether it is the one that was appended."), cause) =>
        Position = position;

    public long Position { get; }

    /// <summary>What is read of an event, where reading is a matter of what it holds alone.</summary>
    /// <exception cref="UnreadableEventException">It does not hold it.</exception>
    public static T Read<T>(StoredEvent stored, Func<StoredEvent, T> read) => Read(stored.Position, stored.Type, () => read(stored));

    /// <inheritdoc cref="Read{T}(StoredEvent, Func{StoredEvent, T})"/>
    public static T Read<T>(long position, string type, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception cause) when (IsOfData(cause))
        {
            throw new UnreadableEventException(position, type, cause);
        }
    }

    /// <summary>What data can bring about; what it cannot is a fault of this program and must be seen as one.</summary>
    private static bool IsOfData(Exception cause) => cause is JsonException or CanonicalJsonException or InvalidDataException
        or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException or ArgumentException or DateTimeZoneNotFoundException;
}
