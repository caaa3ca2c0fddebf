using System.CommandLine;
using NodaTime;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Reading;
using UsageLedger.Replaying;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger cycles audit</c>: whether a cycle is what the log says.</summary>
internal static class CycleAuditVerb
{
    private static readonly Option<string?> AsOfOption = new("--as-of") { Description = "As it was known then: a position of the log, or an instant." };
    private static readonly Option<bool> LinesOption = new("--lines") { Description = "List the lines, each by its number." };
    private static readonly Option<int?> EventsOption = new("--events") { Description = "List the events of the line with this number." };
    private static readonly Option<bool> ProofsOption = new("--proofs") { Description = "Prove that each of these events is in the log." };

    public static Command Create() => VerbRun.Bind(
        new Command("audit", "Make a cycle anew from the log alone, and compare it with all that tells of it.")
        {
            CyclesVerb.TenantOption, CyclesVerb.ClientOption, CyclesVerb.CycleOption, AsOfOption, LinesOption, EventsOption, ProofsOption,
        },
        RunAsync);

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        var known = Known(run);
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger cycles", run.Logger, run.Logs, ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        var (tenant, client, cycle) = CyclesVerb.Named(run);
        var position = known is null ? null : await known.PositionAsync(ledger.Get<LogReader>(), ledger.Database, ct);
        if (known is not null && position is null)
        {
            await Console.Error.WriteLineAsync("The log has not come to that position yet.");
            return 1;
        }

        var query = new AuditCycle(tenant, client, cycle, position, ledger.Get<IClock>().GetCurrentInstant())
        {
            WithLines = run.Arguments.GetValue(LinesOption),
            EventsOf = run.Arguments.GetValue(EventsOption),
            WithProofs = run.Arguments.GetValue(ProofsOption),
        };
        if (await AuditCycleHandler.Handle(query, ledger.Get<LogReader>(), ledger.Get<LogTiles>(), ledger.Database, ct) is not { } audit)
        {
            await Console.Error.WriteLineAsync(CyclesVerb.Unknown(tenant, client, cycle));
            return 1;
        }

        if (query.EventsOf is { } number && audit.Events is null)
        {
            await Console.Error.WriteLineAsync($"There is no line {number}; --lines numbers them.");
            if (audit.Holds)
            {
                return 1;
            }
        }

        await (run.Json ? Output.JsonAsync(audit, ct) : CycleAuditText.PrintAsync(audit, ct));
        return audit.Holds ? 0 : 1;
    }

    private static KnownAt? Known(VerbRun run)
    {
        if (run.Arguments.GetValue(EventsOption) is < 1)
        {
            throw new SettingsException("--events takes the number of a line, from 1 on.");
        }

        return run.Arguments.GetValue(AsOfOption) is not { } text ? null
            : KnownAt.Parse(text) ?? throw new SettingsException("--as-of takes a position, or an instant such as 2026-10-31T23:00:00Z.");
    }
}
