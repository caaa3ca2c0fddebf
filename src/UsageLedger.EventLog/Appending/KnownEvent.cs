namespace UsageLedger.EventLog.Appending;

/// <summary>What the log knows under an id: the first event, and the latest event about it if there is one.</summary>
public sealed record KnownEvent(StoredEvent First, StoredEvent? Latest)
{
    /// <summary>The event that holds the state in force.</summary>
    public StoredEvent Current => Latest ?? First;
}
