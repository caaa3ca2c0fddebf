namespace UsageLedger.EventLog.Proof;

/// <summary>A key file cannot be used; the message says which, why, and what to do.</summary>
public sealed class KeyFileException : Exception
{
    public KeyFileException(string message)
        : base(message)
    {
    }

    public KeyFileException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
