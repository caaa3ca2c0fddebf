using System.CommandLine;
using UsageLedger.Anomalies;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger anomalies [ack|judge|verify]</c>, beside a server or without one.</summary>
internal static class AnomaliesVerb
{
    private const int ListMax = 1_000;

    /// <summary>Turns in a row that a server did first.</summary>
    private const int InVainMax = 10;

    private static readonly Option<string> TenantOption = new("--tenant") { Required = true, Description = "Whose clients and sources." };
    private static readonly Option<string?> ClientOption = new("--client") { Description = "Only of this client." };
    private static readonly Option<string?> StatusOption = new("--status") { Description = "Only open, acknowledged or resolved ones." };
    private static readonly Option<string> NoteOption = new("--note") { Required = true, Description = "What is made of it; kept with the acknowledgement." };
    private static readonly Argument<string> IdArgument = new("id") { Description = "The anomaly's id, as 'anomalies' shows it." };

    public static Command Create()
    {
        var list = VerbRun.Bind(
            new Command("anomalies", "What was unusual in usage, that of the latest hour first.") { TenantOption, ClientOption, StatusOption }, ListAsync);
        list.Subcommands.Add(VerbRun.Bind(new Command("ack", "Say that an anomaly was seen.") { IdArgument, TenantOption, NoteOption }, AcknowledgeAsync));
        list.Subcommands.Add(VerbRun.Bind(new Command("judge", "Judge the hours that are over now; a server does it by itself.") { TenantOption }, JudgeAsync));
        list.Subcommands.Add(VerbRun.Bind(
            new Command("verify", "Judge every judged hour again from the log as it was; a difference is exit code 1.") { TenantOption }, VerifyAsync));
        return list;
    }

    private static async Task<int> ListAsync(VerbRun run, CancellationToken ct)
    {
        var status = run.Arguments.GetValue(StatusOption);
        if (status is not null and not (AnomalyStatuses.Open or AnomalyStatuses.Acknowledged or AnomalyStatuses.Resolved))
        {
            throw new SettingsException($"--status is '{status}'; it can be open, acknowledged or resolved.");
        }

        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger anomalies", run.Logger, run.Logs, ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        var query = new ReadAnomalies(run.Arguments.GetRequiredValue(TenantOption), run.Arguments.GetValue(ClientOption), status, null, ListMax);
        var page = await ReadAnomaliesHandler.Handle(query, ledger.Database, ct);
        Print(run, page.Anomalies);
        return 0;
    }

    private static async Task<int> AcknowledgeAsync(VerbRun run, CancellationToken ct)
    {
        var (tenant, note) = (run.Arguments.GetRequiredValue(TenantOption), run.Arguments.GetRequiredValue(NoteOption));
        if (TextRules.Broken(note, AcknowledgeAnomaly.NoteMax) is { } rule)
        {
            throw new SettingsException($"--note {rule.Message}.");
        }

        var id = Guid.TryParse(run.Arguments.GetRequiredValue(IdArgument), out var given)
            ? given
            : throw new SettingsException("The anomaly's id is the one that 'anomalies' shows.");
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger anomalies", run.Logger, run.Logs, ct);
        var command = new AcknowledgeAnomaly(tenant, $"anomalies-ack-{Guid.NewGuid():N}", id, AcknowledgeAnomaly.CommandLine, note);
        if (await AcknowledgeAnomalyHandler.Handle(command, ledger.Get<LogReader>(), ledger.Get<LogAppender>(), ct) is null)
        {
            await Console.Error.WriteLineAsync($"{tenant} has no anomaly {id}.");
            return 1;
        }

        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        Print(run, await ReadAnomaliesHandler.FindAsync(tenant, id, ledger.Database, ct) is { } found ? [found] : []);
        return 0;
    }

    private static async Task<int> JudgeAsync(VerbRun run, CancellationToken ct)
    {
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger anomalies", run.Logger, run.Logs, ct);
        var command = new EvaluateHours(run.Arguments.GetRequiredValue(TenantOption));
        var (hours, opened, resolved, inVain) = (0, 0, 0, 0);
        EvaluationOutcome outcome;
        do
        {
            outcome = await CatchUp.WhileAsync(ledger.Database, run.Logs, () => EvaluateHoursHandler.Handle(
                command, ledger.Get<LogAppender>(), ledger.Get<LogReader>(), ledger.Get<ReadModels>(), ledger.Database, ledger.Get<NodaTime.IClock>(), ct), ct);
            hours += outcome.Told is { } told ? new JudgedHours(told.From, told.To).Count : 0;
            (opened, resolved) = (opened + (outcome.Told?.Opened ?? 0), resolved + (outcome.Told?.Resolved ?? 0));
            inVain = outcome.Told is null ? inVain + 1 : 0;
        }
        while (!outcome.IsDone && !outcome.IsBehind && inVain < InVainMax);

        if (run.Json)
        {
            Output.Json(new { hours, opened, resolved });
        }
        else
        {
            Console.WriteLine($"{hours} hours judged, {opened} anomalies opened, {resolved} resolved.");
        }

        if (!outcome.IsDone)
        {
            await Console.Error.WriteLineAsync(outcome.IsBehind
                ? "More hours are due, and the read models do not come to the end of the log; 'ledger projections status' tells why."
                : "More hours are due, and others are judging them.");
        }

        return outcome.IsDone ? 0 : 1;
    }

    private static async Task<int> VerifyAsync(VerbRun run, CancellationToken ct)
    {
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger anomalies", run.Logger, run.Logs, ct);
        var command = new VerifyAnomalies(run.Arguments.GetRequiredValue(TenantOption));
        var check = await ProgressLine.RunAsync(
            "judging again", "events", progress => VerifyAnomaliesHandler.Handle(command, ledger.Get<LogReader>(), ledger.Database, progress, ct));
        if (run.Json)
        {
            Output.Json(check);
        }
        else
        {
            Console.WriteLine(
                $"{check.Turns} turns judged again, {check.Passed} passed over; {check.Events} events are as they were told, {check.Differences} differ.");
            check.Examples.ToList().ForEach(Console.WriteLine);
        }

        return check.Differences > 0 ? 1 : 0;
    }

    private static void Print(VerbRun run, IReadOnlyList<AnomalyView> anomalies)
    {
        if (run.Json)
        {
            Output.Json(new { items = anomalies });
            return;
        }

        foreach (var one in anomalies)
        {
            Console.WriteLine($"{one.Id} {one.Kind}, {one.Status}");
            Console.WriteLine($"    {one.Sentence}");
            if ((one.Resolution ?? one.Note) is { } end)
            {
                Console.WriteLine($"    {end}");
            }
        }

        if (anomalies.Count == 0)
        {
            Console.WriteLine("There are no such anomalies.");
        }
    }
}
