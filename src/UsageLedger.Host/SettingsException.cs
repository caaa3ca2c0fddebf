namespace UsageLedger.Host;

/// <summary>The program was configured or called in a way it does not understand; the message says how to mend it.</summary>
public sealed class SettingsException : Exception
{
    public SettingsException()
    {
    }

    public SettingsException(string message)
        : base(message)
    {
    }

    public SettingsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
