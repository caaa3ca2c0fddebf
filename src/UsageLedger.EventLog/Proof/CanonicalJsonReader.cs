namespace UsageLedger.EventLog.Proof;

/// <summary>Brings any JSON text into RFC 8785 form.</summary>
public static class CanonicalJsonReader;
