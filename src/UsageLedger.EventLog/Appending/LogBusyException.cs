namespace UsageLedger.EventLog.Appending;

/// <summary>More is waiting to be appended than the log's bounds allow. Nothing was appended; try again later.</summary>
public sealed class LogBusyException : Exception
{
    public LogBusyException()
        : base("The log takes no more for the moment: too many events are waiting to be appended.")
    {
    }

    public LogBusyException(string message)
        : base(message)
    {
    }

    public LogBusyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
