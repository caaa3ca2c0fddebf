using System.Globalization;

namespace UsageLedger.EventLog.Faults;

/// <summary>What is to happen at which point.</summary>
/// <param name="Hit">The first time is 1.</param>
/// <param name="Repeats">At each so many hits, not at that one alone.</param>
public sealed record FailOrder(string Point, FailAct Act, int Hit, bool Repeats)
{
    public static readonly TimeSpan StallsFor = TimeSpan.FromMilliseconds(500);

    private const int HitMax = 1_000_000;

    public bool IsDue(int hit) => Repeats ? hit % Hit == 0 : hit == Hit;

    /// <summary>As <see cref="TryParse"/> takes it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Point}={Act.ToString().ToLowerInvariant()}@{(Repeats ? "*" : "")}{Hit}");

    /// <summary>Reads <c>append.copied=kill@3</c>, the third time; <c>append.locked=stall@*40</c>, each fortieth. Null: it is none.</summary>
    public static FailOrder? TryParse(string text)
    {
        if (text.Split('=', '@') is not [{ Length: > 0 } point, var act, var hit])
        {
            return null;
        }

        var repeats = hit.StartsWith('*');
        return Enum.TryParse<FailAct>(act, ignoreCase: true, out var known) && Enum.IsDefined(known)
            && int.TryParse(hit.AsSpan(repeats ? 1 : 0), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= HitMax
                ? new FailOrder(point, known, count, repeats)
                : null;
    }
}
