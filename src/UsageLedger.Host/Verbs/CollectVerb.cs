using System.CommandLine;
using NodaTime;
using Npgsql;
using Spectre.Console;
using UsageLedger.Answering;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.Inbox;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger collect</c>: a run over a source, to its end, or several where a time is too long for one; a server beside it may make them as well.</summary>
internal static class CollectVerb
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan RunMax = TimeSpan.FromHours(12);

    private static readonly Option<string> TenantOption = new("--tenant") { Required = true, Description = "Whose source it is." };
    private static readonly Option<string> SourceOption = new("--source") { Required = true, Description = "The source." };
    private static readonly Option<string?> FromOption = new("--from") { Description = "The first instant; from before the source's cursor unless given." };
    private static readonly Option<string?> ToOption = new("--to") { Description = "The first instant that is left out; now unless given." };

    public static Command Create() => VerbRun.Bind(
        new Command("collect", "Collect a source's usage.") { TenantOption, SourceOption, FromOption, ToOption }, RunAsync);

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        var command = Command(run);
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger collect", run.Logger, run.Logs, ct);
        await ledger.Get<CheckpointSigner>().IntroduceAsync(ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        var runs = new List<RunView>();
        foreach (var (from, to) in CollectUsage.Parts(command.From, command.To, ledger.Get<IClock>().GetCurrentInstant()))
        {
            if (await CollectUsageHandler.Handle(command with { From = from, To = to }, ledger.Get<SourceStore>(), ledger.Get<InboxStore>(), ct) is not { } asked)
            {
                await Console.Error.WriteLineAsync($"{command.Tenant} has no source {command.SourceId}.");
                return 1;
            }

            runs.Add(await RunAsync(run, ledger, command, asked, ct));
            if (runs[^1].Status != RunView.Completed)
            {
                break;
            }
        }

        await ledger.Get<CheckpointSigner>().KeepAsync(ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        Print(run, runs);
        return runs[^1].Status == RunView.Completed ? 0 : 1;
    }

    /// <summary>To its end, or as far as it came in the time that one may take here; then it waits for the next who has a turn for it.</summary>
    private static async Task<RunView> RunAsync(VerbRun run, LedgerTools ledger, CollectUsage command, Guid asked, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(RunMax);
        try
        {
            return await ProgressLine.RunAsync($"collecting {command.SourceId}", "records", progress => CatchUp.WhileAsync(
                ledger.Database, run.Logs, () => EndedAsync(ledger, command.Tenant, asked, progress, limit.Token), limit.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"The run {asked} has not ended within {RunMax.TotalHours} hours. A server goes on with it; 'ledger collect' of the same time makes a run of its own.");
            return await ViewAsync(ledger, command.Tenant, asked, ct);
        }
    }

    /// <summary>Takes the run as often as its turn comes, and watches it while somebody else has it.</summary>
    private static async Task<RunView> EndedAsync(LedgerTools ledger, string tenant, Guid asked, IProgress<long> progress, CancellationToken ct)
    {
        var options = ledger.Get<InboxOptions>();
        var lane = new InboxLane(Runs: true, Fetches: false, options.RunsMax, options.RunMax);
        var workers = new InboxWorkers(
            lane, ledger.Get<InboxClaims>(), ledger.Get<InboxHolds>(), ledger.Get<IEnumerable<IInboxWork>>(), ledger.Get<InboxSignal>(), options,
            ledger.Get<ILogger<InboxWorkers>>());
        var owner = Guid.NewGuid();
        while (true)
        {
            var held = await ledger.Get<InboxClaims>().TakeAsync(lane, owner, 1, ct, asked);
            var working = Task.WhenAll(held.Select(item => workers.WorkAsync(item, ct)));
            do
            {
                await Task.WhenAny(Task.Delay(LookEvery, ct), held.Count > 0 ? working : Task.Delay(LookEvery, ct));
                progress.Report((await ViewAsync(ledger, tenant, asked, ct)).Records);
            }
            while (!working.IsCompleted);

            await working;
            await ledger.Get<InboxClaims>().TakeBackAsync(ct);
            if (await ViewAsync(ledger, tenant, asked, ct) is { Status: not (RunView.Queued or RunView.Running) } ended)
            {
                return ended;
            }
        }
    }

    private static async Task<RunView> ViewAsync(LedgerTools ledger, string tenant, Guid asked, CancellationToken ct) =>
        await ReadRunsHandler.FindAsync(tenant, asked, ledger.Get<NpgsqlDataSource>(), ledger.Get<InboxSeal>(), ct)
        ?? throw new SettingsException("The run was dropped before its end.");

    private static CollectUsage Command(VerbRun run)
    {
        var (from, to) = (run.Instant(FromOption), run.Instant(ToOption));
        return from >= to
            ? throw new SettingsException("--from must be before --to.")
            : new CollectUsage(
                run.Arguments.GetRequiredValue(TenantOption), $"collect-{Guid.NewGuid():N}", run.Arguments.GetRequiredValue(SourceOption), from, to);
    }

    private static void Print(VerbRun run, List<RunView> runs)
    {
        if (run.Json)
        {
            PrintJson(runs);
            return;
        }

        foreach (var ended in runs)
        {
            Output.Console.MarkupLineInterpolated(
                $"{ended.Status}: {ended.Records:N0} records on {ended.Pages:N0} pages from {ended.From} to {ended.To}: {ended.Accepted:N0} accepted, {ended.Duplicates:N0} duplicates, {ended.Revised:N0} revised, {ended.Rejected:N0} rejected");
            if (ended.Error is { } error)
            {
                Output.Console.MarkupLineInterpolated($"  {error}");
            }
        }
    }

    /// <summary>One document: the run, or a list of those that a long time took.</summary>
    private static void PrintJson(List<RunView> runs)
    {
        if (runs is [var only])
        {
            Output.Json(only);
        }
        else
        {
            Output.Json(new ListEnvelope<RunView>(runs, null));
        }
    }
}
