namespace UsageLedger.EventLog.Appending;

/// <summary>The tiles in the database are not those of a tree as long as the log: nothing can be appended until they are.</summary>
public sealed class TornTreeException(string message, Exception cause) : Exception(message, cause);
