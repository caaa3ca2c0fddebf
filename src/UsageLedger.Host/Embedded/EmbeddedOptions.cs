namespace UsageLedger.Host.Embedded;

/// <summary>Where the private PostgreSQL lives, and the folder of its binaries (or <c>npm</c> for the packaged ones) when the search is not wanted.</summary>
public sealed record EmbeddedOptions(string DataDir, string? PostgresBin = null);
