using System.CommandLine;
using NodaTime;
using UsageLedger.Answering;
using UsageLedger.Collecting.Sources;
using UsageLedger.Coverage;
using UsageLedger.Inbox;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger coverage [fill|totals|days]</c>: how much of what sources should have told was collected, and what to do about holes.</summary>
internal static class CoverageVerb
{
    private static readonly Option<string> TenantOption = new("--tenant") { Required = true, Description = "Whose source it is." };
    private static readonly Option<string> SourceOption = new("--source") { Required = true, Description = "The source." };
    private static readonly Option<string?> FromOption = new("--from") { Description = "The first instant; a week before --to unless given." };
    private static readonly Option<string?> ToOption = new("--to") { Description = "The first instant that is left out; now unless given." };
    private static readonly Option<string?> FirstOption = new("--from") { Description = "The first day, in UTC." };
    private static readonly Option<string?> LastOption = new("--to") { Description = "The last day, within; yesterday unless given." };

    public static Command Create()
    {
        var coverage = VerbRun.Bind(
            new Command("coverage", "Show how much of a source's usage was collected, and the holes.") { TenantOption, SourceOption, FromOption, ToOption }, ShowAsync);
        coverage.Subcommands.Add(VerbRun.Bind(
            new Command("fill", "Collect the holes of a source, exactly those; a server does the runs.") { TenantOption, SourceOption, FromOption, ToOption }, FillAsync));
        coverage.Subcommands.Add(VerbRun.Bind(
            new Command("totals", "Ask the source's vendor for its own totals of whole days; a server asks.") { TenantOption, SourceOption, FirstOption, LastOption }, TotalsAsync));
        coverage.Subcommands.Add(VerbRun.Bind(
            new Command("days", "Show when each day was complete in all read models.") { TenantOption, FirstOption, LastOption }, DaysAsync));
        return coverage;
    }

    private static async Task<int> ShowAsync(VerbRun run, CancellationToken ct)
    {
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger coverage", run.Logger, run.Logs, ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        var (tenant, source, now) = (run.Arguments.GetRequiredValue(TenantOption), run.Arguments.GetRequiredValue(SourceOption), Now(ledger));
        var (from, to) = Span(run, now);
        var page = await ReadCoverageHandler.Handle(new ReadCoverage(tenant, source, from, to, now, null, 1), ledger.Database, ledger.Get<ProviderCatalogue>(), ct);
        if (page.Sources is not [var covered])
        {
            return await UnknownAsync(tenant, source);
        }

        if (run.Json)
        {
            Output.Json(covered);
        }
        else
        {
            CoverageTable.Print(covered);
        }

        return 0;
    }

    private static async Task<int> FillAsync(VerbRun run, CancellationToken ct)
    {
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger coverage", run.Logger, run.Logs, ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        var (tenant, source, now) = (run.Arguments.GetRequiredValue(TenantOption), run.Arguments.GetRequiredValue(SourceOption), Now(ledger));
        var (from, to) = Span(run, now);
        var command = new FillCoverage(tenant, $"coverage-fill-{Guid.NewGuid():N}", source, from, to, now);
        if (await FillCoverageHandler.Handle(command, ledger.Database, ledger.Get<SourceStore>(), ledger.Get<ProviderCatalogue>(), ledger.Get<InboxStore>(), ct) is not { } filling)
        {
            return await UnknownAsync(tenant, source);
        }

        var isStuck = filling is { Runs.Count: 0, Left: > 0 };
        if (run.Json)
        {
            Output.Json(filling);
            return isStuck ? 1 : 0;
        }

        foreach (var one in filling.Runs)
        {
            Console.WriteLine($"{one.RunId} collects {one.From} to {one.To}");
        }

        Console.WriteLine(filling switch
        {
            { Runs.Count: 0, Left: 0 } => "There are no holes.",
            { Left: 0 } => $"When these runs are done, 'ledger coverage --tenant {tenant} --source {source}' shows what is left: a vendor may tell some of it no more.",
            _ when isStuck => $"{filling.Left} holes are left: as many runs of {source} wait as may. 'ledger inbox list' shows them; fill again when they are done.",
            _ => $"{filling.Left} more holes are left for another fill.",
        });
        return isStuck ? 1 : 0;
    }

    private static async Task<int> TotalsAsync(VerbRun run, CancellationToken ct)
    {
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger coverage", run.Logger, run.Logs, ct);
        var (tenant, source, now) = (run.Arguments.GetRequiredValue(TenantOption), run.Arguments.GetRequiredValue(SourceOption), Now(ledger));
        var last = Day(run, LastOption) ?? now.InUtc().Date.PlusDays(-1);
        var command = new AskTotals(tenant, $"coverage-totals-{Guid.NewGuid():N}", source, Day(run, FirstOption) ?? last, last);
        if (command.Broken(now) is { } broken)
        {
            throw new SettingsException($"--to {broken}.");
        }

        var (outcome, id) = await AskTotalsHandler.Handle(command, ledger.Get<SourceStore>(), ledger.Get<ProviderCatalogue>(), ledger.Get<InboxStore>(), ct);
        switch (outcome)
        {
            case Asking.NoSuchSource:
                return await UnknownAsync(tenant, source);
            case Asking.NoTotals:
                await Console.Error.WriteLineAsync($"The vendor of {source} adds nothing up itself.");
                return 1;
            default:
                if (run.Json)
                {
                    Output.Json(new TotalsAsked(id));
                }
                else
                {
                    Console.WriteLine($"{id} asks for {command.From:uuuu-MM-dd} to {command.To:uuuu-MM-dd}");
                }

                return 0;
        }
    }

    private static async Task<int> DaysAsync(VerbRun run, CancellationToken ct)
    {
        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger coverage", run.Logger, run.Logs, ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        var now = Now(ledger);
        var (from, to) = DayRollups.Span(Day(run, FirstOption), Day(run, LastOption), now);
        if (from > to || Period.DaysBetween(from, to) >= DayRollups.DaysMax)
        {
            throw new SettingsException($"--from must be no later than --to, and at most {DayRollups.DaysMax} days before it.");
        }

        var days = await ledger.Get<DayRollups>().ReadAsync(run.Arguments.GetRequiredValue(TenantOption), from, to, now, ct);
        if (run.Json)
        {
            Output.Json(new { items = days });
        }
        else
        {
            CoverageTable.Print(days);
        }

        return 0;
    }

    private static Instant Now(LedgerTools ledger) => ledger.Get<IClock>().GetCurrentInstant();

    private static (Instant From, Instant To) Span(VerbRun run, Instant now)
    {
        var (from, to) = CoverageSpan.Of(run.Instant(FromOption), run.Instant(ToOption), now);
        return CoverageSpan.Refusal(from, to) is { } refused ? throw new SettingsException($"--from {refused.Rule}.") : (from, to);
    }

    private static LocalDate? Day(VerbRun run, Option<string?> option) => run.Arguments.GetValue(option) is not { } text ? null
        : DateBounds.Day(text) is { } day && DateBounds.Hold(day) ? day
        : throw new SettingsException($"{option.Name} is '{text}'; give a day such as 2026-10-01, of the years 2000 to 2100.");

    private static async Task<int> UnknownAsync(string tenant, string source)
    {
        await Console.Error.WriteLineAsync($"{tenant} has no source {source}.");
        return 1;
    }
}
