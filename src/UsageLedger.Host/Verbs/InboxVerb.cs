using System.CommandLine;
using UsageLedger.Inbox;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger inbox list|show|retry|drop</c>: what waits, what failed, and what to do about it.</summary>
internal static class InboxVerb
{
    private const int ListMax = 1_000;

    private static readonly Option<string> TenantOption = new("--tenant") { Required = true, Description = "Whose items." };
    private static readonly Option<string[]> StatusOption = new("--status") { Description = $"Only {string.Join(", ", InboxStatuses.All)} (repeatable); all but done unless given." };
    private static readonly Option<string?> SourceOption = new("--source") { Description = "Only of this source." };
    private static readonly Argument<string> IdArgument = new("id") { Description = "The item's id, as 'inbox list' shows it." };

    public static Command Create() => new("inbox", "Work that waits, failed, died or is quarantined.")
    {
        VerbRun.Bind(new Command("list", "List items, newest first.") { TenantOption, StatusOption, SourceOption }, ListAsync),
        VerbRun.Bind(new Command("show", "Show an item, without its body.") { IdArgument, TenantOption }, ShowAsync),
        VerbRun.Bind(new Command("retry", "Try an item again at once.") { IdArgument, TenantOption }, RetryAsync),
        VerbRun.Bind(new Command("drop", "Drop an item for good.") { IdArgument, TenantOption }, DropAsync),
    };

    private static async Task<int> ListAsync(VerbRun run, CancellationToken ct)
    {
        var statuses = run.Arguments.GetValue(StatusOption) ?? [];
        if (statuses.FirstOrDefault(status => !InboxStatuses.All.Contains(status)) is { } unknown)
        {
            throw new SettingsException($"--status is '{unknown}'; it can be {string.Join(", ", InboxStatuses.All)}.");
        }

        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger inbox", run.Logs, ct);
        var query = new ReadInbox(run.Arguments.GetRequiredValue(TenantOption), statuses, run.Arguments.GetValue(SourceOption), null, ListMax);
        var page = await ReadInboxHandler.Handle(query, database.Source, ct);
        if (run.Json)
        {
            Output.Json(new { items = page.Items });
            return 0;
        }

        Print(page.Items);
        return 0;
    }

    private static async Task<int> ShowAsync(VerbRun run, CancellationToken ct)
    {
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger inbox", run.Logs, ct);
        if (await ReadInboxHandler.FindAsync(run.Arguments.GetRequiredValue(TenantOption), Id(run), database.Source, ct) is not { } item)
        {
            return await UnknownAsync(run);
        }

        if (run.Json)
        {
            Output.Json(item);
            return 0;
        }

        Print([item]);
        return 0;
    }

    private static async Task<int> RetryAsync(VerbRun run, CancellationToken ct)
    {
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger inbox", run.Logs, ct);
        var settled = await RetryItemHandler.Handle(Command(run), database.Source, LedgerServices.Clock, new InboxSignal(), ct);
        return await EndAsync(run, settled, "is tried again by the next server that is free.");
    }

    private static async Task<int> DropAsync(VerbRun run, CancellationToken ct)
    {
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger inbox", run.Logs, ct);
        return await EndAsync(run, await DropItemHandler.Handle(Command(run), database.Source, ct), "is dropped.");
    }

    private static async Task<int> EndAsync(VerbRun run, Settled settled, string done)
    {
        switch (settled)
        {
            case Settled.Unknown:
                return await UnknownAsync(run);
            case Settled.NotNow:
                await Console.Error.WriteLineAsync("The item is being worked on, or is done.");
                return 1;
            default:
                if (run.Json)
                {
                    Output.Json(new { id = Id(run) });
                }
                else
                {
                    Console.WriteLine($"{Id(run)} {done}");
                }

                return 0;
        }
    }

    private static async Task<int> UnknownAsync(VerbRun run)
    {
        await Console.Error.WriteLineAsync($"{run.Arguments.GetRequiredValue(TenantOption)} has no item {Id(run)} in the inbox.");
        return 1;
    }

    private static SettleItem Command(VerbRun run) => new(run.Arguments.GetRequiredValue(TenantOption), Id(run));

    private static Guid Id(VerbRun run) => Guid.TryParse(run.Arguments.GetRequiredValue(IdArgument), out var id)
        ? id
        : throw new SettingsException("The item's id is the one that 'inbox list' shows.");

    /// <summary>In lines, because ids are there to be copied.</summary>
    private static void Print(IReadOnlyCollection<InboxItemView> items)
    {
        foreach (var item in items)
        {
            Console.WriteLine($"{item.Id} {item.Kind} of {item.SourceId}: {item.Status}, tries: {item.Attempts}");
            Console.WriteLine($"    received {item.ReceivedAt}{(item.NextAttemptAt is { } next ? $", next try {next}" : "")}");
            if (item.Reason is { } reason)
            {
                Console.WriteLine($"    {reason}");
            }
        }

        if (items.Count == 0)
        {
            Console.WriteLine("There are no such items.");
        }
    }
}
