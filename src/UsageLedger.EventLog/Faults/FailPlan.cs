using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace UsageLedger.EventLog.Faults;

/// <summary>What an armed process does at which of its fail points.</summary>
/// <param name="tell">Hears of each point that acts, before it does.</param>
public sealed class FailPlan(IReadOnlyList<FailOrder> orders, Action<string> tell)
{
    private readonly ConcurrentDictionary<string, int> hits = new();

    /// <summary>Orders with commas between, or null if one of them is none.</summary>
    public static FailPlan? TryParse(string text, Action<string> tell)
    {
        var orders = text.Split(',').Select(FailOrder.TryParse).ToList();
        return orders.Contains(null) ? null : new FailPlan(orders.OfType<FailOrder>().ToList(), tell);
    }

    internal async ValueTask ReachAsync(string point)
    {
        var hit = hits.AddOrUpdate(point, 1, (_, before) => before + 1);
        foreach (var order in orders.Where(order => order.Point == point && order.IsDue(hit)))
        {
            tell($"Fail point {point}: {order.Act} at hit {hit}");
            await DoAsync(order);
        }
    }

    private static async Task DoAsync(FailOrder order)
    {
        switch (order.Act)
        {
            case FailAct.Stall:
                await Task.Delay(FailOrder.StallsFor);
                return;
            case FailAct.Throw:
                throw new NpgsqlException($"The fail point {order.Point} ends it here.", new IOException("as when the session is gone"));
            default:
                using (var self = Process.GetCurrentProcess())
                {
                    self.Kill();
                }

                await Task.Delay(Timeout.Infinite);
                return;
        }
    }
}
