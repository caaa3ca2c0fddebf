namespace UsageLedger.EventLog.Verifying;

/// <summary>There is no whole log in the database to verify; the message says what is missing.</summary>
public sealed class LogMissingException : Exception
{
    public LogMissingException()
    {
    }

    public LogMissingException(string message)
        : base(message)
    {
    }

    public LogMissingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
