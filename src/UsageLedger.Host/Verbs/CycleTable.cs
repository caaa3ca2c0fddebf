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
    }

    private static Table Lines(IReadOnlyList<CycleLine> lines)
    {
        var table = Columns(new Table());
        foreach (var line in lines)
        {
            table.AddRow(Cells(line));
        }

        return table;
    }

    private static Table Adjustments(IReadOnlyList<CycleAdjustment> adjustments)
    {
        var table = Columns(new Table().AddColumn("cycle"));
        foreach (var adjustment in adjustments)
        {
            table.AddRow([adjustment.OriginCycle, .. Cells(adjustment.ToLine())]);
        }

        return table;
    }

    private static Table Columns(Table table) => table
        .AddColumns("provider", "metric", "agent")
        .AddColumn("quantity", column => column.RightAligned()).AddColumn("unit")
        .AddColumn("cost", column => column.RightAligned()).AddColumn("currency")
        .AddColumn("records", column => column.RightAligned());

    private static string[] Cells(CycleLine line) =>
    [
        Markup.Escape(line.Provider), Markup.Escape(line.Metric), Markup.Escape(line.AgentId ?? ""), line.Quantity, Markup.Escape(line.Unit),
        line.Cost, line.Currency, line.Records.ToString(CultureInfo.InvariantCulture),
    ];
}
