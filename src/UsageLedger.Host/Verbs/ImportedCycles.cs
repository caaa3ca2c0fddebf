using NodaTime;
using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Importing;

namespace UsageLedger.Host.Verbs;

/// <summary>The cycles of one client that an import filled: the latest few of them.</summary>
internal static class ImportedCycles
{
    private const int ShownMax = 3;
    private const int ListedMax = 100;

    public static async Task PrintAsync(
        LedgerTools ledger, string tenant, string client, ImportSummary summary, ILoggerFactory logs, CancellationToken ct)
    {
        if (summary is not { Earliest: { } earliest, Latest: { } latest })
        {
            return;
        }

        await CatchUp.RunAsync(ledger.Database, logs, ct);
        var now = ledger.Get<IClock>().GetCurrentInstant();
        var names = await NamesAsync(ledger, new ListCycles(tenant, client, latest + Duration.Epsilon, ListedMax, now), earliest, ct);
        var shown = 0;
        foreach (var name in names)
        {
            var report = await ReadCycleHandler.Handle(new ReadCycle(tenant, client, name, now), ledger.Database, ct);
            if (report is null or { Lines: [], Adjustments: [] })
            {
                continue;
            }

            if (++shown > ShownMax)
            {
                Console.WriteLine($"Earlier cycles were filled too: ledger cycles show --tenant {tenant} --client {client} --cycle {name}");
                return;
            }

            Console.WriteLine();
            CycleTable.Print(report);
        }
    }

    /// <summary>Newest first. What came for a closed cycle is in the current one.</summary>
    private static async Task<IEnumerable<string>> NamesAsync(LedgerTools ledger, ListCycles list, Instant earliest, CancellationToken ct)
    {
        var page = await ListCyclesHandler.Handle(list, ledger.Database, ct);
        var filled = page?.Cycles.TakeWhile(cycle => cycle.End > earliest).ToList() ?? [];
        if (filled.Any(cycle => cycle.Status == CycleStatus.Closed))
        {
            var current = await ListCyclesHandler.Handle(list with { Before = null, Limit = 1 }, ledger.Database, ct);
            filled.InsertRange(0, current!.Cycles);
        }

        return filled.Select(cycle => cycle.Id).Distinct();
    }
}
