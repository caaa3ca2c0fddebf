using NodaTime;
using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Cycles;

/// <summary>When a cycle may be closed.</summary>
public static class CloseRule
{
    /// <summary>After its end and the client's grace; forced, at its end.</summary>
    public static Instant ClosableFrom(Cycle cycle, Registration registration, bool force) =>
        force ? cycle.End : cycle.End + Duration.FromDays(registration.Current?.GraceDays ?? 0);

    /// <summary>What can be said without looking at the cycle's lines; null: it may be closed.</summary>
    public static CloseOutcome? Decide(Registration registration, string name, bool force, Instant now)
    {
        if (registration.Calendar.Find(name, now) is not { } cycle)
        {
            return new CloseOutcome(CloseVerdict.NotFound);
        }

        if (registration.Closed.ContainsKey(cycle.Start))
        {
            return new CloseOutcome(CloseVerdict.Closed, cycle.Id.ToString(), registration.Position);
        }

        var from = ClosableFrom(cycle, registration, force);
        return now < from ? new CloseOutcome(CloseVerdict.NotEnded, cycle.Id.ToString(), ClosableFrom: from) : null;
    }

    /// <summary>A cycle that is over is closed when every precondition is met, or by force; null: it may be.</summary>
    public static CloseOutcome? Decide(CloseFigures figures, Cycle cycle, bool force) => !force && Unmet(figures) is { Count: > 0 } unmet
        ? new CloseOutcome(CloseVerdict.NotReady, cycle.Id.ToString()) { Unmet = unmet }
        : null;

    public static IReadOnlyList<ClosePrecondition> Unmet(CloseFigures figures) => [.. figures.Preconditions.Where(precondition => !precondition.Met)];

    /// <summary>What is in the way, in words.</summary>
    public static string Told(CloseOutcome outcome) => $"The cycle {outcome.CycleId} is not ready to be closed: "
        + string.Join(", ", outcome.Unmet.Select(unmet => $"{unmet.Name} is {unmet.Figure} and should be {unmet.Goal}")) + ". Closing it by force says so in the log.";
}
