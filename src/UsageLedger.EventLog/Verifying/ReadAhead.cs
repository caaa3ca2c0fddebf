using System.IO.Pipelines;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Reads a stream ahead of whoever reads it here, so that receiving and working take turns on no thread.</summary>
internal sealed class ReadAhead : IAsyncDisposable
{
    private const int AheadBytes = 4 * 1024 * 1024;
    private const int HandedOverBytes = 128 * 1024;

    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: AheadBytes, resumeWriterThreshold: AheadBytes / 2, minimumSegmentSize: HandedOverBytes, useSynchronizationContext: false));
    private readonly CancellationTokenSource stop = new();
    private readonly Task reading;

    public ReadAhead(Stream source)
    {
        reading = Task.Run(() => ReadAsync(source, stop.Token));
        Output = pipe.Reader.AsStream();
    }

    public Stream Output { get; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await pipe.Reader.CompleteAsync();
        await reading;
        stop.Dispose();
    }

    private async Task ReadAsync(Stream source, CancellationToken ct)
    {
        Exception? failure = null;
        try
        {
            var unseen = 0;
            for (int read; (read = await source.ReadAsync(pipe.Writer.GetMemory(), ct)) > 0;)
            {
                pipe.Writer.Advance(read);
                unseen += read;
                if (unseen >= HandedOverBytes)
                {
                    unseen = 0;
                    await pipe.Writer.FlushAsync(ct);
                }
            }
        }
#pragma warning disable CA1031 // Whatever it is, the reader meets it when it gets there.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            failure = thrown;
        }

        await pipe.Writer.CompleteAsync(failure);
    }
}
