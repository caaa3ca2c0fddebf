using System.CommandLine;
using NodaTime;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.Explaining;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger cycles explain</c>: from a line to the usage that made it.</summary>
internal static class CycleExplainVerb
{
    private const int RowsMax = 1_000;

    private static readonly Option<string?> ProviderOption = new("--provider") { Description = "Of the lines meant." };
    private static readonly Option<string?> MetricOption = new("--metric") { Description = "Of the lines meant." };
    private static readonly Option<string?> AgentOption = new("--agent") { Description = "Of the lines meant." };
    private static readonly Option<string?> UnitOption = new("--unit") { Description = "Of the lines meant." };
    private static readonly Option<string?> CurrencyOption = new("--currency") { Description = "Of the lines meant." };
    private static readonly Option<string?> OriginOption = new("--origin") { Description = "Of adjustments, the cycle that they belong to." };

    public static Command Create() => VerbRun.Bind(
        new Command("explain", "Tell which usage made a line of a cycle, with its history, run, mapping and price.")
        {
            CyclesVerb.TenantOption, CyclesVerb.ClientOption, CyclesVerb.CycleOption, ProviderOption, MetricOption, AgentOption, UnitOption, CurrencyOption, OriginOption,
        },
        RunAsync);

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger cycles", run.Logger, run.Logs, ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        var (tenant, client, cycle) = CyclesVerb.Named(run);
        var arguments = run.Arguments;
        var line = new LineFilter(
            arguments.GetValue(ProviderOption), arguments.GetValue(MetricOption), arguments.GetValue(AgentOption), false,
            arguments.GetValue(UnitOption), arguments.GetValue(CurrencyOption), arguments.GetValue(OriginOption));
        var query = new ExplainCycle(tenant, client, cycle, line, null, RowsMax, ledger.Get<IClock>().GetCurrentInstant());
        if (await ExplainCycleHandler.Handle(query, ledger.Get<LogReader>(), ledger.Database, ct) is not { } explanation)
        {
            await Console.Error.WriteLineAsync(CyclesVerb.Unknown(tenant, client, cycle));
            return 1;
        }

        if (run.Json)
        {
            Output.Json(explanation);
        }
        else
        {
            Print(explanation);
        }

        return 0;
    }

    private static void Print(CycleExplanation explanation)
    {
        foreach (var line in explanation.Lines ?? [])
        {
            Console.WriteLine($"{(line.OriginCycle is { } origin ? $"of {origin}: " : "")}{line.Provider} {line.Metric}, {line.AgentId ?? "of no agent"}: {line.Quantity} {line.Unit}, {line.Cost} {line.Currency}, records {line.Records}");
        }

        foreach (var row in explanation.Rows)
        {
            Console.WriteLine($"  {row.EventId} {row.IdempotencyKey} of {row.Source}: {row.Quantity} {row.Unit}, {(row.CostPending ? "no cost yet" : $"{row.Cost} {row.Currency}")}, occurred {Rfc3339.Format(row.OccurredAt)}{(row.MappingId is { } mapping ? $", by mapping {mapping}" : "")}{(row.RunId is { } brought ? $", by run {brought}" : "")}");
            foreach (var told in row.History)
            {
                Console.WriteLine($"    position {told.Position}, {Rfc3339.Format(told.RecordedAt)}: {told.Type} {told.Quantity}, {told.Cost ?? "no cost"}{(told.Reason is { } reason ? $": {reason}" : "")}");
            }
        }

        if (explanation.NextCursor is not null)
        {
            Console.WriteLine($"and more; GET /v1/clients/{explanation.ClientId}/cycles/{explanation.Cycle.Id}/explain pages through all");
        }
    }
}
