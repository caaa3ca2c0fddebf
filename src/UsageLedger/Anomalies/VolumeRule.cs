namespace UsageLedger.Anomalies;

/// <summary>Spikes and drops: the quantity of one, three or six hours against that of the same hours in the weeks before.</summary>
/// <remarks>A rule that looks at several hours wants each of them to lean the same way, so that one hour is not found again in the next.</remarks>
internal static class VolumeRule
{
    private const decimal SpikeScales = 6m;
    private const decimal SpikeFactor = 2.25m;
    private const decimal SpikeLean = 1.5m;
    private const long SpikeRecordsMin = 20;
    private const decimal DropScales = 3.5m;
    private const decimal DropFactor = 0.5m;
    private const decimal DropLean = 0.75m;
    private const decimal DropRecordsMin = 20m;
    private const decimal CalmScales = 2.5m;
    private const decimal CalmShareMax = 0.25m;
    private const decimal CalmRecordsMin = 20m;

    private static readonly int[] SpikeHours = [1, 3];
    private static readonly int[] DropHours = [1, 3, 6];
    private static readonly int[] CalmHours = [2, 4, 6];

    public static Finding? FindSpike(LineWindow line)
    {
        foreach (var hours in SpikeHours)
        {
            var came = line.Last(hours);
            if (came.Records >= SpikeRecordsMin && came.Quantity >= SpikeFactor * Usual.QuantityOf(line, hours) && Usual.Of(line, hours) is var usual
                && All(hours, back => line[0, back].Quantity > SpikeLean * Usual.At(line, back).Quantity)
                && came.Quantity > usual.Quantity + (SpikeScales * usual.ScaleUp(came, line)))
            {
                return new Finding(AnomalyKinds.Spike, hours, usual.Quantity, came.Quantity, usual.Records < CalmRecordsMin);
            }
        }

        return null;
    }

    public static Finding? FindDrop(LineWindow line)
    {
        foreach (var hours in DropHours)
        {
            if (line[0, hours - 1].Records == 0)
            {
                return null;
            }

            var came = line.Last(hours);
            if (came.Quantity <= DropFactor * Usual.QuantityOf(line, hours) && Usual.Of(line, hours) is var usual && usual.Records >= DropRecordsMin
                && All(hours, back => line[0, back].Records > 0 && line[0, back].Quantity < DropLean * Usual.At(line, back).Quantity)
                && usual.Quantity - came.Quantity > DropScales * usual.ScaleDown(hours, line))
            {
                return new Finding(AnomalyKinds.Drop, hours, usual.Quantity, came.Quantity);
            }
        }

        return null;
    }

    /// <summary>Whether the last hours, as many as it takes to say, are as they should be; of too little usage nothing is said.</summary>
    public static bool IsCalm(LineWindow line, string kind, bool isQuiet)
    {
        foreach (var hours in CalmHours)
        {
            var (came, usual) = (line.Last(hours), Usual.Of(line, hours));
            if (usual.Records >= CalmRecordsMin || isQuiet)
            {
                return kind == AnomalyKinds.Spike
                    ? came.Quantity <= usual.Quantity + (CalmScales * usual.ScaleUp(came, line))
                    : came.Quantity >= usual.Quantity - (CalmShareMax * usual.Quantity);
            }
        }

        return false;
    }

    private static bool All(int hours, Func<int, bool> holds)
    {
        for (var back = 0; back < hours; back++)
        {
            if (!holds(back))
            {
                return false;
            }
        }

        return true;
    }
}
