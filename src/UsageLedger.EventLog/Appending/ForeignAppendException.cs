namespace UsageLedger.EventLog.Appending;

/// <summary>Somebody else wrote into the log's tables: the number or version that the log would give next is taken.</summary>
public sealed class ForeignAppendException : Exception
{
    public ForeignAppendException()
    {
    }

    public ForeignAppendException(string message)
        : base(message)
    {
    }

    public ForeignAppendException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
