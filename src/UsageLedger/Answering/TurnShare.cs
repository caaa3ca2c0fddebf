namespace UsageLedger.Answering;

/// <summary>What one of those who share turns has of them at most.</summary>
/// <param name="WaitingMax">How many more of that one wait; beyond that they are refused.</param>
public sealed record TurnShare(int AtOnceMax, int WaitingMax);
