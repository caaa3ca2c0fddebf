namespace UsageLedger.EventLog.Proof;

/// <summary>A text is no JSON, or has no canonical form: duplicate names, broken Unicode, nested too deep, members out of order.</summary>
public sealed class CanonicalJsonException : Exception
{
    public CanonicalJsonException(string message)
        : base(message)
    {
    }

    public CanonicalJsonException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
