using System.CommandLine;
using UsageLedger.Answering;
using UsageLedger.EventLog.Appending;
using UsageLedger.Inbox;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger inbox list|show|retry|drop</c>: what waits, what failed, and what to do about it.</summary>
internal static class InboxVerb
{
    private const int ListMax = 1_000;

    private static readonly Option<string> TenantOption = new("--tenant") { Required = true, Description = "Whose items." };
    private static readonly Option<string[]> StatusOption = new("--status") { Description = $"Only {string.Join(", ", InboxStatuses.All)} (repeatable); all but done unless given." };
    private static readonly Option<string?> RetriedOption = new("--status") { Description = $"All that are {string.Join(", ", RetryItems.Statuses)}, instead of one by its id." };
    private static readonly Option<string?> DroppedOption = new("--status") { Description = $"All that are {string.Join(" or ", DropItems.Statuses)}, instead of one by its id." };
    private static readonly Option<string?> CursorOption = new("--cursor") { Description = "Where a list before this ended." };
    private static readonly Option<string?> SourceOption = new("--source") { Description = "Only of this source." };
    private static readonly Argument<string> IdArgument = new("id") { Description = "The item's id, as 'inbox list' shows it." };
    private static readonly Argument<string?> OneArgument = new("id") { Description = IdArgument.Description, Arity = ArgumentArity.ZeroOrOne };

    public static Command Create() => new("inbox", "Work that waits, failed, died or is quarantined.")
    {
        VerbRun.Bind(new Command("list", "List items, newest first.") { TenantOption, StatusOption, SourceOption, CursorOption }, ListAsync),
        VerbRun.Bind(new Command("show", "Show an item, without its body.") { IdArgument, TenantOption }, ShowAsync),
        VerbRun.Bind(new Command("retry", "Try an item, or all of a status, again at once.") { OneArgument, TenantOption, RetriedOption, SourceOption }, RetryAsync),
        VerbRun.Bind(new Command("drop", "Drop an item, or all of a status, for good; the log keeps that they were.") { OneArgument, TenantOption, DroppedOption, SourceOption }, DropAsync),
    };

    private static async Task<int> ListAsync(VerbRun run, CancellationToken ct)
    {
        var statuses = run.Arguments.GetValue(StatusOption) ?? [];
        if (statuses.FirstOrDefault(status => !InboxStatuses.All.Contains(status)) is { } unknown)
        {
            throw new SettingsException($"--status is '{unknown}'; it can be {string.Join(", ", InboxStatuses.All)}.");
        }

        var after = Place(run);
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger inbox", run.Logs, ct);
        var query = new ReadInbox(run.Arguments.GetRequiredValue(TenantOption), statuses, run.Arguments.GetValue(SourceOption), after, ListMax);
        var page = await ReadInboxHandler.Handle(query, database.Source, ct);
        var next = page.Next?.Cursor;
        if (run.Json)
        {
            Output.Json(new { items = page.Items, nextCursor = next });
            return 0;
        }

        Print(page.Items);
        if (next is not null)
        {
            Console.WriteLine($"There are more: --cursor {next}");
        }

        return 0;
    }

    private static async Task<int> ShowAsync(VerbRun run, CancellationToken ct)
    {
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger inbox", run.Logs, ct);
        if (await ReadInboxHandler.FindAsync(run.Arguments.GetRequiredValue(TenantOption), Id(run), database.Source, ct) is not { } item)
        {
            return await UnknownAsync(run, Id(run));
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
        var (id, status) = OneOrAll(run, RetriedOption, RetryItems.Statuses);
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger inbox", run.Logs, ct);
        if (status is not null)
        {
            return await RetryAllAsync(run, status, database, ct);
        }

        var settled = await RetryItemHandler.Handle(new SettleItem(Tenant(run), IdOf(id)), database.Source, LedgerServices.Clock, new InboxSignal(), ct);
        return await EndAsync(run, IdOf(id), settled, "is tried again by the next server that is free.");
    }

    private static async Task<int> RetryAllAsync(VerbRun run, string status, LedgerDatabase database, CancellationToken ct)
    {
        var command = new RetryItems(Tenant(run), status, run.Arguments.GetValue(SourceOption));
        var retried = await RetryItemsHandler.Handle(command, database.Source, LedgerServices.Clock, new InboxSignal(), ct);
        if (run.Json)
        {
            Output.Json(retried);
            return 0;
        }

        Console.WriteLine($"{retried.Retried} items are tried again by the next server that is free.{(retried.More ? " There may be more: give the command again." : "")}");
        return 0;
    }

    private static async Task<int> DropAsync(VerbRun run, CancellationToken ct)
    {
        var (id, status) = OneOrAll(run, DroppedOption, DropItems.Statuses);
        if (status is not null)
        {
            return await DropAllAsync(run, status, ct);
        }

        var command = new DropItem(Tenant(run), IdOf(id), DropItem.CommandLine, $"inbox-drop:{IdOf(id)}");
        await using var tools = await LedgerTools.OpenAsync(run.Settings, "ledger inbox", run.Logger, run.Logs, ct);
        return await EndAsync(run, command.Id, await DropItemHandler.Handle(command, tools.Database, tools.Get<LogAppender>(), ct), "is dropped.");
    }

    private static async Task<int> DropAllAsync(VerbRun run, string status, CancellationToken ct)
    {
        var command = new DropItems(Tenant(run), status, run.Arguments.GetValue(SourceOption), DropItem.CommandLine, $"inbox-drop-{Guid.NewGuid():N}");
        await using var tools = await LedgerTools.OpenAsync(run.Settings, "ledger inbox", run.Logger, run.Logs, ct);
        var dropped = await DropItemsHandler.Handle(command, tools.Database, tools.Get<LogAppender>(), ct);
        if (run.Json)
        {
            Output.Json(dropped);
            return 0;
        }

        Console.WriteLine($"{dropped.Dropped} items are dropped.{(dropped.More ? " There may be more: give the command again." : "")}");
        return 0;
    }

    /// <summary>One item by its id, or all of a status.</summary>
    private static (string? Id, string? Status) OneOrAll(VerbRun run, Option<string?> option, string[] statuses)
    {
        var (id, status) = (run.Arguments.GetValue(OneArgument), run.Arguments.GetValue(option));
        return status is null == id is null ? throw new SettingsException("Give the item's id, or --status for all that have it.")
            : status is not null && !statuses.Contains(status) ? throw new SettingsException($"--status is '{status}'; it can be {string.Join(", ", statuses)}.")
            : (id, status);
    }

    private static InboxPlace? Place(VerbRun run) => run.Arguments.GetValue(CursorOption) is not { } text ? null
        : InboxPlace.Of(Cursor.Read(text, 2)) ?? throw new SettingsException("--cursor is none that a list ended with.");

    private static async Task<int> EndAsync(VerbRun run, Guid id, Settled settled, string done)
    {
        switch (settled)
        {
            case Settled.Unknown:
                return await UnknownAsync(run, id);
            case Settled.NotNow:
                await Console.Error.WriteLineAsync("The item is being worked on, or is done.");
                return 1;
            default:
                if (run.Json)
                {
                    Output.Json(new { id });
                }
                else
                {
                    Console.WriteLine($"{id} {done}");
                }

                return 0;
        }
    }

    private static async Task<int> UnknownAsync(VerbRun run, Guid id)
    {
        await Console.Error.WriteLineAsync($"{Tenant(run)} has no item {id} in the inbox.");
        return 1;
    }

    private static string Tenant(VerbRun run) => run.Arguments.GetRequiredValue(TenantOption);

    private static Guid Id(VerbRun run) => IdOf(run.Arguments.GetRequiredValue(IdArgument));

    private static Guid IdOf(string? text) => Guid.TryParse(text, out var id)
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
