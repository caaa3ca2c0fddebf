using System.Globalization;
using Spectre.Console;
using UsageLedger.Cycles;

namespace UsageLedger.Host.Verbs;

/// <summary>A cycle as a person reads it.</summary>
internal static class CycleTable
{
    public static void Print(CycleReport report)
    {
        var cycle = report.Cycle;
        Output.Console.MarkupLineInterpolated(
            $"[bold]{report.ClientId}[/], cycle [bold]{cycle.Id}[/], {cycle.Status.ToString().ToLowerInvariant()}: {cycle.Start} to {cycle.End} ({cycle.TimeZone}), as of position {report.Position}");
        if (report.Lines.Count > 0)
        {
            Output.Console.Write(Lines(report.Lines));
        }

        if (report.Adjustments.Count > 0)
        {
            Output.Console.WriteLine("Adjustments of closed cycles:");
            Output.Console.Write(Adjustments(report.Adjustments));
        }

        if (report.NextCursor is not null)
        {
            Output.Console.MarkupLineInterpolated($"and more than these {ReadCycle.LinesMax:N0}; GET /v1/clients/{report.ClientId}/cycles/{cycle.Id} pages through all");
        }

        foreach (var total in report.Totals)
        {
            Output.Console.MarkupLineInterpolated($"total [bold]{total.Cost} {total.Currency}[/]");
        }

        var quality = report.Quality;
        Output.Console.MarkupLineInterpolated(
            $"{quality.Records} records, {quality.Revised} revised, {quality.Voided} voided, {quality.Late} late, {quality.PendingCost} without a cost yet");
        Output.Console.MarkupLineInterpolated(
            $"{quality.Duplicates} duplicates met, {quality.Unattributed} unattributed, {quality.PriceChanges} price changes, coverage {quality.Coverage ?? "unknown"}");
    }

    public static void Print(CloseReadiness readiness)
    {
        var cycle = readiness.Cycle;
        Output.Console.MarkupLineInterpolated(
            $"[bold]{readiness.ClientId}[/], cycle [bold]{cycle.Id}[/], {cycle.Status.ToString().ToLowerInvariant()}: {(readiness.Ready ? "ready" : "not ready")} to be closed, after its grace from {readiness.ClosableFrom} on");
        foreach (var (name, met, figure, goal) in readiness.Preconditions)
        {
            Output.Console.MarkupLineInterpolated($"  {(met ? "met    " : "not met")} {name} {figure ?? "unknown"}, goal {goal}");
        }
    }

    private static Table Lines(IEnumerable<CycleLine> lines) => Filled(Columns(), "", lines);

    private static Table Adjustments(IEnumerable<CycleAdjustment> adjustments)
    {
        var table = Columns();
        foreach (var cycle in adjustments.GroupBy(adjustment => adjustment.OriginCycle))
        {
            Filled(table, $"{cycle.Key}: ", cycle.Select(adjustment => adjustment.ToLine()));
        }

        return table;
    }

    private static Table Columns() => new Table()
        .AddColumn("provider, metric, agent", column => column.NoWrap())
        .AddColumn("quantity", column => column.RightAligned().NoWrap())
        .AddColumn("cost", column => column.RightAligned().NoWrap())
        .AddColumn("records", column => column.RightAligned().NoWrap());

    /// <summary>What lines have in common stands once above them, so that they fit a terminal of eighty columns.</summary>
    private static Table Filled(Table table, string before, IEnumerable<CycleLine> lines)
    {
        foreach (var provider in lines.GroupBy(line => (line.Provider, line.Currency)))
        {
            table.AddRow($"[bold]{Markup.Escape($"{before}{provider.Key.Provider}, {provider.Key.Currency}")}[/]");
            foreach (var metric in provider.GroupBy(line => (line.Metric, line.Unit)))
            {
                table.AddRow($"  {Markup.Escape($"{metric.Key.Metric}, {metric.Key.Unit}")}");
                foreach (var line in metric)
                {
                    table.AddRow(
                        $"    {Markup.Escape(line.AgentId ?? "of no agent")}", line.Quantity, line.Cost, line.Records.ToString(CultureInfo.InvariantCulture));
                }
            }
        }

        return table;
    }
}
