using System.Globalization;
using UsageLedger.EventLog;

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
    public static T Read<T>(StoredEvent stored, Func<StoredEvent, T> read)
    {
        try
        {
            return read(stored);
        }
        catch (Exception cause) when (cause is not UnreadableEventException)
        {
            throw new UnreadableEventException(stored.Position, stored.Type, cause);
        }
    }
}
