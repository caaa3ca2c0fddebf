using System.Globalization;
using UsageLedger.EventLog.Proof;
using UsageLedger.Replaying;

namespace UsageLedger.Host.Verbs;

/// <summary>An audit as a person reads it: the same text for the same log, whatever terminal, machine or language.</summary>
internal static class CycleAuditText
{
    public static async Task PrintAsync(CycleAudit audit, CancellationToken ct)
    {
        foreach (var line in Lines(audit))
        {
            Console.Out.Write(line + "\n");
        }

        if (audit.Events is { } events)
        {
            await foreach (var use in events.WithCancellation(ct))
            {
                Console.Out.Write(Told(use) + "\n");
            }
        }

        Console.Out.Write((audit.Holds ? "holds" : Text($"differs in {audit.DifferencesTotal} places")) + "\n");
    }

    private static IEnumerable<string> Lines(CycleAudit audit)
    {
        var cycle = audit.Cycle;
        yield return Text($"{audit.Tenant}, {audit.ClientId}, cycle {cycle.Id}: {At(cycle.Start)} to {At(cycle.End)} ({cycle.TimeZone ?? "unknown"})");
        yield return Text($"as of position {audit.AsOf}, root {audit.RootHash ?? "unknown"}");
        yield return Text($"events: {audit.EventsRead} read, {audit.EventsBooked} in this cycle; compared with {string.Join(", ", audit.ComparedWith)}");
        yield return audit.Closed is { } closed
            ? Text($"closed at position {closed.Position} as of {closed.AsOfPosition}, root {closed.RootHash}, lines {closed.LinesHash}{(closed.Reason is { } reason ? $": {reason}" : "")}")
            : "not closed";
        yield return Text($"records {audit.Counts.Records}, late {audit.Counts.Late}, revised {audit.Counts.Revised}, voided {audit.Counts.Voided}, without a cost {audit.Counts.PendingCost}");
        foreach (var line in audit.Lines ?? [])
        {
            yield return Text($"{line.Number,5} {(line.OriginCycle is { } origin ? $"of {origin}: " : "")}{line.Provider} {line.Metric}, {line.AgentId ?? "of no agent"}: {line.Quantity} {line.Unit}, {line.Cost} {line.Currency}, records {line.Records}");
        }

        foreach (var total in audit.Totals)
        {
            yield return $"total {total.Cost} {total.Currency}";
        }

        yield return $"lines {audit.LinesHash}";
        foreach (var difference in audit.Differences)
        {
            yield return $"{difference.Kind}: {difference.At}: the log has {difference.Log ?? "nothing"}, found is {difference.Found ?? "nothing"}";
        }
    }

    private static string Told(AuditedUse use) => Text(
        $"  position {use.Position} {use.Type} of {use.UsageId}: {use.Quantity}, {use.Cost}, leaf {use.LeafHash}{(use.Proof is { } proof ? $", {(proof.Holds ? "proven" : "NOT PROVEN")} by {string.Join(' ', proof.Path)}" : "")}");

    private static string At(NodaTime.Instant? at) => at is { } known ? Rfc3339.Format(known) : "unknown";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
