using Npgsql;

namespace UsageLedger.EventLog.Projecting;

/// <summary>Lets a reader wait until read models hold what a writer has just written.</summary>
/// <param name="reached">Moves when a projection of this process moves; projections of other processes are polled.</param>
public sealed class ReadModels(NpgsqlDataSource database, ReadSignal reached)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(40);

    /// <summary>Whether all of these projections have reached the position, within ten seconds.</summary>
    public async Task<bool> WaitForAsync(long position, string[] projections, CancellationToken ct)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var moved = reached.Moved;
        while (await ProjectionStore.LowestAsync(database, projections, ct) < position)
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(started) > Longest)
            {
                return false;
            }

            await Task.WhenAny(moved, Task.Delay(PollEvery, ct));
            moved = reached.Moved;
        }

        return true;
    }

    /// <summary>Whether all of these projections have reached the position already.</summary>
    public async Task<bool> HoldAsync(long position, string[] projections, CancellationToken ct) =>
        await ProjectionStore.LowestAsync(database, projections, ct) >= position;
}
