using Npgsql;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Reads the log as a projection does, always up to the head, while others append: counts what it passes and what comes out of turn.</summary>
internal sealed class LogTail(NpgsqlDataSource database, LoadBook book)
{
    private readonly LogReader _log = new(database);

    public long Skipped { get; private set; }

    public long OutOfOrder { get; private set; }

    public long Read { get; private set; }

    public async Task RunAsync(CancellationToken stopped)
    {
        for (var last = false; !last;)
        {
            last = stopped.IsCancellationRequested;
            var acknowledged = book.Highest;
            var head = await _log.HeadAsync(CancellationToken.None);

            // What was acknowledged is below the head by then, or the head lies.
            Skipped += Math.Max(0, acknowledged - head);
            await TakeAsync(head);
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private async Task TakeAsync(long head)
    {
        var (before, place) = (Read, Read);
        var count = 0L;
        await foreach (var stored in _log.RangeAsync(before, head, CancellationToken.None))
        {
            OutOfOrder += stored.Position == place + 1 ? 0 : 1;
            place = stored.Position;
            count++;
        }

        Skipped += Math.Max(0, head - before - count);
        Read = Math.Max(head, before);
    }
}
