namespace UsageLedger.Host.Demo;

/// <summary>Something that the demo shows did not hold; the message says what.</summary>
public sealed class DemoFailedException(string message) : Exception(message);
