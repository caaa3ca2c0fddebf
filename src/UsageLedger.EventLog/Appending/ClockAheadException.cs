namespace UsageLedger.EventLog.Appending;

/// <summary>This host's clock runs ahead of the database's. Appending would stamp the log, and all that follows in it, too late for good.</summary>
public sealed class ClockAheadException : Exception
{
    public ClockAheadException()
    {
    }

    public ClockAheadException(string message)
        : base(message)
    {
    }

    public ClockAheadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
