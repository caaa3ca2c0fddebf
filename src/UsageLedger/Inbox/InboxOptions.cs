using NodaTime;

namespace UsageLedger.Inbox;

/// <summary>The bounds of the inbox.</summary>
public sealed record InboxOptions
{
    /// <summary>Webhooks that one host works on at once.</summary>
    public int WorkersMax { get; init; } = 8;

    /// <summary>Fetches that one host works on at once.</summary>
    public int FetchesMax { get; init; } = 8;

    /// <summary>Runs that one host works on at once.</summary>
    public int RunsMax { get; init; } = 4;

    /// <summary>Tries after which an item is a dead letter.</summary>
    public int AttemptsMax { get; init; } = 10;

    /// <summary>How long an item of a worker that died stays untouched; a living one renews it in thirds of this.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one try at a webhook, a fetch or totals may take.</summary>
    public TimeSpan WorkMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one try at a run may take; the next goes on from its page.</summary>
    public TimeSpan RunMax { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The fallback where no notification wakes a worker, and the pace at which waits that have ended are noticed.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a webhook that comes once more is known by its item; after that its usage is known by its keys.</summary>
    public Duration DoneKeptFor { get; init; } = Duration.FromDays(7);

    /// <summary>The most that one tenant may hold of a host's workers, so that others find one free.</summary>
    public static int ShareOf(int workers) => Math.Max(1, workers * 3 / 4);
}
