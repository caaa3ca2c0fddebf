namespace UsageLedger.EventLog.Proof;

/// <summary>Writes a flat canonical object whose members the caller gives in order.</summary>
public sealed class CanonicalJsonWriter;
