using System.Collections.Concurrent;
using System.Globalization;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Faults;

internal enum Fault
{
    TooManyRequests, TooManyRequestsWithRetryAfter, ServerError, TimeOut, CutConnection, TruncatedJson, None
}

/// <summary>Which request fails: by the seed, the request and how often it came, so that a run can be had again.</summary>
internal sealed class FaultPlan(long seed)
{
    private const int RequestsMax = 50_000;
    private readonly ConcurrentDictionary<string, (int Came, int InARow)> requests = new(StringComparer.Ordinal);

    public Fault Next(string request, SimFaults faults)
    {
        if (faults.Chances.All(chance => chance == 0))
        {
            return Fault.None;
        }

        if (requests.Count > RequestsMax)
        {
            requests.Clear();
        }

        var fault = Fault.None;
        requests.AddOrUpdate(
            request,
            _ => (1, (fault = Draw(request, 0, 0, faults)) == Fault.None ? 0 : 1),
            (_, seen) => (seen.Came + 1, (fault = Draw(request, seen.Came, seen.InARow, faults)) == Fault.None ? 0 : seen.InARow + 1));
        return fault;
    }

    /// <summary>Whether something that is told apart by its name happens to it.</summary>
    public bool Happens(string what, int perMille) => perMille > 0 && Dice.For(seed, what).PerMille(perMille);

    private Fault Draw(string request, int came, int inARow, SimFaults faults)
    {
        if (inARow >= faults.InARowMax)
        {
            return Fault.None;
        }

        var left = Dice.For(seed, string.Create(CultureInfo.InvariantCulture, $"{request}#{came}")).Below(1_000);
        foreach (var (index, chance) in faults.Chances.Index())
        {
            left -= chance;
            if (left < 0)
            {
                return (Fault)index;
            }
        }

        return Fault.None;
    }
}
