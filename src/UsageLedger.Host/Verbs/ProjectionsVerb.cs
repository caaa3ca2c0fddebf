using System.CommandLine;
using Spectre.Console;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger projections status|rebuild|resume</c>.</summary>
internal static class ProjectionsVerb
{
    private static readonly Argument<string> NameArgument = new("name") { Description = "A projection's name, or all." };
    private static readonly Option<bool> VerifyOption = new("--verify") { Description = "Compare the rebuilt rows with the live ones; a difference is exit code 1." };

    public static Command Create() => new("projections", "The read models and the projections that build them.")
    {
        VerbRun.Bind(new Command("status", "Where each projection stands."), StatusAsync),
        VerbRun.Bind(new Command("rebuild", "Build read models anew from the log.") { NameArgument, VerifyOption }, RebuildAsync),
        VerbRun.Bind(new Command("resume", "Let a stopped projection try its failed event again.") { NameArgument }, ResumeAsync),
    };

    private static async Task<int> StatusAsync(VerbRun run, CancellationToken ct)
    {
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger projections", run.Logs, ct);
        await ProjectionStore.RegisterAsync(database.Source, LedgerServices.Projections.Select(projection => projection.Name), ct);
        var all = await ProjectionStore.AllAsync(database.Source, ct);
        if (run.Json)
        {
            Output.Json(new { projections = all });
            return 0;
        }

        var table = new Table().AddColumns("projection", "position", "lag", "state", "why");
        foreach (var one in all)
        {
            table.AddRow(one.Name, $"{one.Position:N0}", $"{one.Lag:N0}", one.State, Markup.Escape(one.Error is null ? "" : $"position {one.FailedPosition}: {one.Error}"));
        }

        Output.Console.Write(table);
        return 0;
    }

    private static async Task<int> RebuildAsync(VerbRun run, CancellationToken ct)
    {
        var chosen = Chosen(run);
        var verify = run.Arguments.GetValue(VerifyOption);
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger rebuild", run.Logs, ct);
        await ProjectionStore.RegisterAsync(database.Source, chosen.Select(projection => projection.Name), ct);
        var rebuild = new ProjectionRebuild(database.Source, LedgerServices.Projecting, Console.Error.WriteLine);
        var outcomes = new List<RebuildOutcome>();
        foreach (var projection in chosen)
        {
            await CatchUp.RunAsync(database.Source, run.Logs, ct);
            outcomes.Add(await ProgressLine.RunAsync(
                $"rebuilding {projection.Name}", "events", progress => rebuild.RunAsync(projection, verify, progress, ct)));
        }

        Print(run, outcomes, verify);
        return outcomes.Any(outcome => outcome.Differences > 0) ? 1 : 0;
    }

    private static void Print(VerbRun run, List<RebuildOutcome> outcomes, bool verify)
    {
        if (run.Json)
        {
            Output.Json(new { projections = outcomes.Select(outcome => new { outcome.Name, outcome.Events, outcome.Differences, outcome.Examples }) });
            return;
        }

        foreach (var outcome in outcomes)
        {
            Output.Console.MarkupLineInterpolated($"{outcome.Name}: {outcome.Events:N0} events{(verify ? $", {outcome.Differences:N0} differences" : "")}");
            foreach (var example in outcome.Examples)
            {
                Output.Console.MarkupLineInterpolated($"  {example.Table}, only {example.Side}: {example.Row}");
            }
        }
    }

    private static async Task<int> ResumeAsync(VerbRun run, CancellationToken ct)
    {
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger projections", run.Logs, ct);
        var resumed = new List<string>();
        foreach (var projection in Chosen(run))
        {
            if (await ProjectionStore.ResumeAsync(database.Source, projection.Name, ct))
            {
                resumed.Add(projection.Name);
            }
        }

        if (run.Json)
        {
            Output.Json(new { resumed });
        }
        else
        {
            Console.WriteLine(resumed.Count == 0 ? "None of them was stopped." : $"Running again: {string.Join(", ", resumed)}");
        }

        return 0;
    }

    private static List<IProjection> Chosen(VerbRun run)
    {
        var name = run.Arguments.GetRequiredValue(NameArgument);
        var chosen = LedgerServices.Projections.Where(projection => name == "all" || projection.Name == name).ToList();
        return chosen.Count > 0
            ? chosen
            : throw new SettingsException($"There is no projection '{name}'; there are all, {string.Join(", ", LedgerServices.Projections.Select(projection => projection.Name))}.");
    }
}
