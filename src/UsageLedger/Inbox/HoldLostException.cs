namespace UsageLedger.Inbox;

/// <summary>The work stops, for it is not this worker's any more: whoever has the item goes on, and nothing is to be noted of this try.</summary>
public sealed class HoldLostException() : Exception("Another worker has taken the item over, or an operator has dropped it.");
