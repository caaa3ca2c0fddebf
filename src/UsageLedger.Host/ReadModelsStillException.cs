namespace UsageLedger.Host;

/// <summary>Read models that a verb waits for did not move for a long time, though events wait: something holds them, and only a person can tell what.</summary>
internal sealed class ReadModelsStillException(string message) : Exception(message);
