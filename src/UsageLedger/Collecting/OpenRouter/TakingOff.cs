namespace UsageLedger.Collecting.OpenRouter;

/// <summary>
/// Takes figures off others, pass by pass, each of them once: in a pass those of one name belong together, and of these the first is taken off the
/// first. Each kind of figure goes by itself and leaves behind what is used up, so that a pass takes no longer than there are figures.
/// </summary>
internal sealed class TakingOff(DayFigures[] spare, DayFigures[] missing)
{
    private readonly decimal[][] spare = [.. spare.Select(figures => figures.ToParts())];
    private readonly decimal[][] missing = [.. missing.Select(figures => figures.ToParts())];

    /// <summary>What is still missing.</summary>
    public DayFigures Left(int off) => DayFigures.OfParts(missing[off]);

    /// <param name="fromName">What is spare is taken off what is missing of the same name.</param>
    public void Pass(Func<int, object?> fromName, Func<int, object?> offName, Predicate<int>? fromThese = null, Predicate<int>? offThese = null)
    {
        var offs = Enumerable.Range(0, missing.Length).Where(off => offThese is null || offThese(off)).ToLookup(offName);
        foreach (var named in Enumerable.Range(0, spare.Length).Where(from => fromThese is null || fromThese(from)).GroupBy(fromName))
        {
            var (froms, own) = (named.ToList(), offs[named.Key].ToList());
            for (var part = 0; own.Count > 0 && part < DayFigures.Parts; part++)
            {
                Take(froms, own, part);
            }
        }
    }

    private void Take(List<int> froms, List<int> offs, int part)
    {
        var next = 0;
        foreach (var from in froms)
        {
            // What is below nothing is added to the first, which then has something left once more.
            TakeOne(from, offs[0], part);
            while (next < offs.Count && spare[from][part] != 0)
            {
                TakeOne(from, offs[next], part);
                next += missing[offs[next]][part] == 0 ? 1 : 0;
            }
        }
    }

    private void TakeOne(int from, int off, int part)
    {
        var taken = Math.Min(spare[from][part], missing[off][part]);
        (spare[from][part], missing[off][part]) = (ExactSum.Of([spare[from][part], -taken]), ExactSum.Of([missing[off][part], -taken]));
    }
}
