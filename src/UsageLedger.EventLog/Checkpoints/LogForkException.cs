namespace UsageLedger.EventLog.Checkpoints;

/// <summary>The log is not the continuation of one whose head was signed before: it was cut off or rewritten. Two histories are never signed.</summary>
public sealed class LogForkException : Exception
{
    public LogForkException()
    {
    }

    public LogForkException(string message)
        : base(message)
    {
    }

    public LogForkException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
