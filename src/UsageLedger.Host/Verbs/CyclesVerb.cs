using System.CommandLine;
using NodaTime;
using UsageLedger.Cycles;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger cycles show|close|audit|explain</c>, beside a server or without one.</summary>
internal static class CyclesVerb
{
    internal static readonly Option<string> TenantOption = new("--tenant") { Required = true, Description = "Whose client it is." };
    internal static readonly Option<string> ClientOption = new("--client") { Required = true, Description = "Whose cycle it is." };
    internal static readonly Option<string> CycleOption = new("--cycle") { Required = true, Description = "Its first day, its month if it is one, or current." };
    private static readonly Option<bool> ForceOption = new("--force") { Description = "Close before the client's grace is over, and whatever precondition is not met." };
    private static readonly Option<bool> CheckOption = new("--check") { Description = "Only tell what is in the way." };
    private static readonly Option<string?> ReasonOption = new("--reason") { Description = "Why; kept with the close." };

    public static Command Create() => new("cycles", "The billing cycles of a client.")
    {
        VerbRun.Bind(new Command("show", "Show a cycle's lines, adjustments and totals.") { TenantOption, ClientOption, CycleOption }, ShowAsync),
        VerbRun.Bind(
            new Command("close", "Close a cycle for ever; what comes later is an adjustment.") { TenantOption, ClientOption, CycleOption, ForceOption, ReasonOption, CheckOption },
            CloseAsync),
        CycleAuditVerb.Create(),
        CycleExplainVerb.Create(),
    };

    internal static (string Tenant, string Client, string Cycle) Named(VerbRun run) =>
        (run.Arguments.GetRequiredValue(TenantOption), run.Arguments.GetRequiredValue(ClientOption), run.Arguments.GetRequiredValue(CycleOption));

    internal static string Unknown(string tenant, string client, string cycle) =>
        $"{tenant} has no client {client} with a cycle {cycle} up to now; name it by its first day, its month if it is one, or current.";

    private static async Task<int> ShowAsync(VerbRun run, CancellationToken ct)
    {
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger cycles", run.Logger, run.Logs, ct);
        return await PrintAsync(run, ledger, run.Arguments.GetRequiredValue(CycleOption), ct);
    }

    private static async Task<int> CloseAsync(VerbRun run, CancellationToken ct)
    {
        var (force, reason) = (run.Arguments.GetValue(ForceOption), run.Arguments.GetValue(ReasonOption));
        if (CloseCycle.ReasonProblem(reason) is { } problem)
        {
            throw new SettingsException("--" + problem.Message);
        }

        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger cycles", run.Logger, run.Logs, ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        if (run.Arguments.GetValue(CheckOption))
        {
            return await CheckAsync(run, ledger, ct);
        }

        var signer = ledger.Get<CheckpointSigner>();
        var command = new CloseCycle(
            run.Arguments.GetRequiredValue(TenantOption), $"cycles-close-{Guid.NewGuid():N}", run.Arguments.GetRequiredValue(ClientOption),
            run.Arguments.GetRequiredValue(CycleOption), force, reason);
        var outcome = await CloseCycleHandler.Handle(
            command, ledger.Get<LogAppender>(), ledger.Get<LogReader>(), ledger.Get<ReadModels>(), ledger.Database, ledger.Get<IClock>(), ct);
        if (outcome.Verdict != CloseVerdict.Closed)
        {
            await Console.Error.WriteLineAsync(Refusal(command, outcome));
            return 1;
        }

        await signer.IntroduceAsync(ct);
        await signer.KeepAsync(ct);
        return await PrintAsync(run, ledger, outcome.CycleId, ct);
    }

    /// <summary>1 unless the cycle can be closed as it is.</summary>
    private static async Task<int> CheckAsync(VerbRun run, LedgerTools ledger, CancellationToken ct)
    {
        var query = new ReadCloseReadiness(
            run.Arguments.GetRequiredValue(TenantOption), run.Arguments.GetRequiredValue(ClientOption), run.Arguments.GetRequiredValue(CycleOption),
            ledger.Get<IClock>().GetCurrentInstant());
        if (await ReadCloseReadinessHandler.Handle(query, ledger.Get<LogReader>(), ledger.Database, ct) is not { } readiness)
        {
            await Console.Error.WriteLineAsync(Unknown(query.Tenant, query.ClientId, query.Cycle));
            return 1;
        }

        if (run.Json)
        {
            Output.Json(readiness);
        }
        else
        {
            CycleTable.Print(readiness);
        }

        return readiness.Ready ? 0 : 1;
    }

    private static async Task<int> PrintAsync(VerbRun run, LedgerTools ledger, string cycle, CancellationToken ct)
    {
        var head = await ledger.Get<LogReader>().HeadAsync(ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        var (tenant, client) = (run.Arguments.GetRequiredValue(TenantOption), run.Arguments.GetRequiredValue(ClientOption));
        var read = new ReadCycle(tenant, client, cycle, ledger.Get<IClock>().GetCurrentInstant());
        if (await ReadCycleHandler.Handle(read, ledger.Database, ct) is not { } report)
        {
            await Console.Error.WriteLineAsync(Unknown(tenant, client, cycle));
            return 1;
        }

        if (report.Position < head)
        {
            await Console.Error.WriteLineAsync($"The read model stands at position {report.Position} of {head}; 'ledger projections status' tells why.");
        }

        if (run.Json)
        {
            Output.Json(report);
        }
        else
        {
            CycleTable.Print(report);
        }

        return 0;
    }

    private static string Refusal(CloseCycle command, CloseOutcome outcome) => outcome.Verdict switch
    {
        CloseVerdict.NotFound => Unknown(command.Tenant, command.ClientId, command.Cycle),
        CloseVerdict.NotEnded => $"The cycle {outcome.CycleId} can be closed from {Rfc3339.Format(outcome.ClosableFrom!.Value)} on.",
        CloseVerdict.NotReady => CloseRule.Told(outcome),
        CloseVerdict.Behind => "The read model does not come to the end of the log; 'ledger projections status' tells why.",
        _ => $"The client {command.ClientId} is being changed by others; try again.",
    };
}
