namespace UsageLedger.Host.Embedded;

/// <summary>The embedded PostgreSQL cannot be had; the message names the cause and the fix, for the operator.</summary>
public sealed class EmbeddedPostgresException : Exception
{
    public EmbeddedPostgresException(string message)
        : base(message)
    {
    }

    public EmbeddedPostgresException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
