namespace UsageLedger.EventLog;

/// <summary>Another session has read tables of the ledger for hours that were to be changed. Nothing was changed.</summary>
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
