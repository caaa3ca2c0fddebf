using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Npgsql;

namespace UsageLedger.EventLog.Appending;

/// <summary>An append up to its commit, which is the caller's to leave out: it loads what an append loads and writes where one writes.</summary>
public static class AppendRehearsal
{
    private const string Name = "write_probe";

    /// <summary>Beyond what free space there may be on the pages that are there: a full disk shows only when a table must grow.</summary>
    private const int EventsCount = 64;

    /// <summary>Of what cannot be made smaller.</summary>
    private const int EventBytes = 1_200;

    /// <summary>From the lock on; whoever appends waits behind a rehearsal.</summary>
    private static readonly TimeSpan HeldMax = TimeSpan.FromSeconds(5);

    /// <summary>Takes the log's lock until the transaction ends.</summary>
    /// <param name="connection">In a transaction that is never committed.</param>
    /// <returns>Whether it came to the commit; where the clock is ahead it ends before anything is written, as an append does.</returns>
    /// <exception cref="TornTreeException">The tiles do not fit the head.</exception>
    /// <exception cref="NpgsqlException">A table cannot be read or written, or not in the time that the transaction gives.</exception>
    /// <exception cref="TimeoutException">All of it takes too long, though no statement does.</exception>
    public static async Task<bool> RunAsync(NpgsqlConnection connection, IClock clock, AppendOptions options)
    {
        var head = new HeadState();
        await head.LockAsync(connection);
        var locked = Stopwatch.GetTimestamp();
        if (clock.GetCurrentInstant() - head.DatabaseTime > options.ClockAheadMax)
        {
            return false;
        }

        var request = new AppendRequest(Name, Name, [.. Enumerable.Range(0, EventsCount).Select(_ => Item())]);
        var known = new Dictionary<Guid, KnownEvent>();
        await KnownEvents.LoadAsync(connection, [.. request.Items.Select(item => item.Key)], known);
        await head.Versions.LoadAsync(connection, [(Name, Name)]);
        var plan = new GroupPlan(head.Position, head.RecordedAt, head.Versions, known);
        plan.Add(request);
        GiveUpAfter(locked);
        await using (var copy = await EventCopy.BeginAsync(connection))
        {
            await copy.WriteAsync(plan, head.Edge);
            await copy.CompleteAsync();
        }

        GiveUpAfter(locked);
        await GroupTrail.WriteAsync(connection, plan, head, options);
        return true;
    }

    private static void GiveUpAfter(long locked)
    {
        if (Stopwatch.GetElapsedTime(locked) > HeldMax)
        {
            throw new TimeoutException($"An append takes longer than {HeldMax}.");
        }
    }

    /// <summary>With a subject, so that the list of those is written too.</summary>
    private static AppendItem Item()
    {
        var id = Guid.NewGuid();
        var room = Convert.ToBase64String(RandomNumberGenerator.GetBytes(EventBytes));
        return new AppendItem(id, new NewEvent(id, Name, Name, new CanonicalJson(Encoding.UTF8.GetBytes($$"""{"room":"{{room}}"}""")), Guid.NewGuid()));
    }
}
