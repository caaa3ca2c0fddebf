using NodaTime;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;
using UsageLedger.Inbox;

namespace UsageLedger.Coverage;

/// <summary>Wants a vendor asked for its own totals of whole UTC days.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day, within.</param>
public sealed record AskTotals(string Tenant, string CorrelationId, string SourceId, LocalDate From, LocalDate To)
{
    public const int DaysMax = TotalsWork.DaysMax;

    /// <summary>Askings of a source that may wait.</summary>
    public const int WaitingMax = CollectUsage.WaitingMax;

    private static readonly LocalDate Earliest = new(2000, 1, 1);
    private static readonly LocalDate Latest = new(2100, 1, 1);

    /// <summary>The rule that the days break, or null.</summary>
    public string? Broken(Instant now) =>
        To < From ? "must not be before from"
        : From < Earliest || To > Latest ? "must be, as from, between 2000-01-01 and 2100-01-01"
        : Period.DaysBetween(From, To) >= DaysMax ? $"must be at most {DaysMax} days with from"
        : To >= now.InUtc().Date ? "must be a day that is over in UTC"
        : null;
}

/// <summary>What was put into the inbox.</summary>
public sealed record TotalsAsked(Guid Id);

/// <summary>What became of asking.</summary>
public enum Asking
{
    Asked,
    NoSuchSource,

    /// <summary>The vendor adds nothing up.</summary>
    NoTotals
}

/// <summary>Handles <see cref="AskTotals"/>.</summary>
public static class AskTotalsHandler
{
    /// <summary>How many more askings of the source may wait.</summary>
    public static async Task<int> RoomAsync(string tenant, string sourceId, InboxStore inbox, CancellationToken ct) =>
        AskTotals.WaitingMax - await inbox.WaitingAsync(tenant, sourceId, InboxKinds.Totals, AskTotals.WaitingMax, ct);

    public static async Task<(Asking Outcome, Guid Id)> Handle(
        AskTotals command, SourceStore sources, ProviderCatalogue providers, InboxStore inbox, CancellationToken ct)
    {
        if (await sources.FindAsync(command.Tenant, command.SourceId, ct) is not { } source)
        {
            return (Asking.NoSuchSource, default);
        }

        if (providers.Find(source.Provider)?.Collector.TellsTotals != true)
        {
            return (Asking.NoTotals, default);
        }

        var item = TotalsWork.For(command.Tenant, command.SourceId, command.From, command.To, $"asked:{Guid.NewGuid():N}", command.CorrelationId);
        return (Asking.Asked, (await inbox.AddAsync(item, ct)).Id);
    }
}
