namespace UsageLedger.EventLog;

/// <summary>Other sessions held tables of the ledger that were to be changed, at every try for most of an hour or longer. Nothing was changed.</summary>
public sealed class TablesHeldException : Exception
{
    public TablesHeldException()
    {
    }

    public TablesHeldException(string message)
        : base(message)
    {
    }

    public TablesHeldException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
