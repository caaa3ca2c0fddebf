namespace UsageLedger.Anomalies;

/// <summary>Something unusual in the hour that is judged.</summary>
/// <param name="Hours">How many hours up to this one show it together.</param>
/// <param name="IsQuiet">Whether too little is usual here to wait for hours that say more before it may be over.</param>
public sealed record Finding(string Kind, int Hours, decimal Expected, decimal Came, bool IsQuiet = false);
