namespace UsageLedger.Host.Demo;

/// <summary>Numbers that look random and are the same at every run and on every machine (SplitMix64).</summary>
internal sealed class DemoDice(ulong seed)
{
    private ulong state = seed;

    /// <summary>From 0 to below the limit.</summary>
    public int Below(int limit)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)limit);
    }
}
