namespace UsageLedger.EventLog.Proof;

/// <summary>A text is no signed note, or no checkpoint.</summary>
public sealed class NoteFormatException(string message) : Exception(message);
