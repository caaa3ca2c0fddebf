namespace UsageLedger.EventLog.Faults;

/// <summary>A place between two statements where a fault test lets its host die, fail or stall. In every other host it is one look at an empty field.</summary>
public sealed class FailPoint(string name)
{
    private static FailPlan? plan;

    public string Name => name;

    /// <summary>For the whole process and for good; nobody but the host that was started for it calls this.</summary>
    public static void Arm(FailPlan armed) => plan = armed;

    public ValueTask ReachAsync() => plan is { } armed ? armed.ReachAsync(name) : ValueTask.CompletedTask;
}
