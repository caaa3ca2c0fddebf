namespace UsageLedger.EventLog.Faults;

/// <summary>What happens at a fail point.</summary>
public enum FailAct
{
    /// <summary>The process ends as by kill -9.</summary>
    Kill,

    /// <summary>The place fails as it does when the database's session ends.</summary>
    Throw,

    /// <summary>Nothing goes on here for <see cref="FailOrder.StallsFor"/>.</summary>
    Stall
}
