using UsageLedger.Cycles;

namespace UsageLedger.Replaying;

/// <summary>Compares a replayed cycle with what is told of it elsewhere.</summary>
internal static class AuditRules
{
    private static readonly IReadOnlyList<string> Nothing = ShownLine.Of(LineSums.Zero);

    /// <summary>Rows that came to nothing may be there or not.</summary>
    public static IEnumerable<AuditDifference> WithShown(ReplayedCycle replayed, IReadOnlyCollection<ShownLine> shown)
    {
        var log = replayed.Lines.ToDictionary(line => line.Key, line => ShownLine.Of(line.Sums));
        var told = shown.ToDictionary(line => line.Key, line => line.Figures);
        return
            from key in log.Keys.Union(told.Keys).Order(LineKey.Order)
            let figures = log.GetValueOrDefault(key, Nothing).Zip(told.GetValueOrDefault(key, Nothing))
            from figure in figures.Zip(ShownLine.Names, (pair, name) => (Name: name, Log: pair.First, Shown: pair.Second))
            where figure.Log != figure.Shown
            select new AuditDifference(AuditDifference.LineDiffers, $"{figure.Name} of {key}", figure.Log, figure.Shown);
    }

    public static IEnumerable<AuditDifference> WithClose(ReplayedCycle replayed, string linesHash, CycleClosed closed)
    {
        var (log, frozen) = (replayed.Totals.ToDictionary(total => total.Currency), closed.Totals.ToLookup(total => total.Currency));
        foreach (var currency in log.Keys.Union(frozen.Select(totals => totals.Key)).Order(StringComparer.Ordinal))
        {
            var (one, another) = (log.GetValueOrDefault(currency)?.Cost, Costs(frozen[currency]));
            if (one != another)
            {
                yield return new(AuditDifference.CloseDiffers, $"total in {currency}", one, another);
            }
        }

        if (replayed.Records != closed.Records)
        {
            yield return new(AuditDifference.CloseDiffers, "records", ShownLine.Text(replayed.Records), ShownLine.Text(closed.Records));
        }

        if (linesHash != closed.LinesHash)
        {
            yield return new(AuditDifference.CloseDiffers, "linesHash", linesHash, closed.LinesHash);
        }
    }

    /// <summary>More than one of a currency only if somebody changed the close.</summary>
    private static string? Costs(IEnumerable<CycleTotal> totals) => totals.Any() ? string.Join(" and ", totals.Select(total => total.Cost)) : null;
}
