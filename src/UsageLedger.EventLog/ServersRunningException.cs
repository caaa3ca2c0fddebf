namespace UsageLedger.EventLog;

/// <summary>Servers run on the database whose schema was to be changed. Nothing was changed.</summary>
public sealed class ServersRunningException : Exception
{
    public ServersRunningException()
    {
    }

    public ServersRunningException(string message)
        : base(message)
    {
    }

    public ServersRunningException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
