using System.Diagnostics;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>What a host is asked at once: batches at a steady rate, single records, reads, and runs over a vendor's calls.</summary>
internal sealed class SteadyLoad(Caller host, LoadBook book, FaultVendor vendor, LoadFigures figures)
{
    private const int BatchRecords = 250;
    private const int BatchesAtOnceMax = 40;

    private static readonly TimeSpan SingleEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CollectEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _turn = new();
    private readonly List<double> _singlesMs = [];

    public async Task RunAsync(int perSecond, Func<bool> goesOn)
    {
        var began = Stopwatch.StartNew();
        await Task.WhenAll(
            BatchesAsync(TimeSpan.FromSeconds((double)BatchRecords / perSecond), goesOn), EveryAsync(SingleEvery, SingleAsync, goesOn),
            EveryAsync(ReadEvery, ReadAsync, goesOn), EveryAsync(CollectEvery, CollectAsync, goesOn));
        _singlesMs.Sort();
        (figures.Seconds, figures.Records, figures.SinglePosts) = (Math.Round(began.Elapsed.TotalSeconds, 1), book.Records, _singlesMs.Count);
        figures.RecordsPerSecond = (int)(book.Records / began.Elapsed.TotalSeconds);
        (figures.SinglePostsP50Ms, figures.SinglePostsP99Ms) = (Percentile(0.5), Percentile(0.99));
    }

    /// <summary>Another so many numbers of records, which nobody else sends.</summary>
    public int[] Next(int count)
    {
        lock (_turn)
        {
            int[] numbers = [.. Enumerable.Range(book.Records, count)];
            book.Records += count;
            return numbers;
        }
    }

    private async Task BatchesAsync(TimeSpan every, Func<bool> goesOn)
    {
        using var places = new SemaphoreSlim(BatchesAtOnceMax);
        var sending = new List<Task>();
        await EveryAsync(
            every,
            async () =>
            {
                await places.WaitAsync();
                sending.Add(SendAsync(Next(BatchRecords), places));
            },
            goesOn);
        await Task.WhenAll(sending);
    }

    private async Task SendAsync(int[] batch, SemaphoreSlim places)
    {
        await Task.Yield();
        await Load.SendAsync(book, () => host, batch, Usage.Array(batch.Select(index => book.Record(index).Json)));
        places.Release();
    }

    private async Task SingleAsync()
    {
        var one = Next(1);
        var body = Usage.Array(book.Record(one[0]).Json);
        var sent = Stopwatch.GetTimestamp();
        await Load.SendAsync(book, () => host, one, body);
        _singlesMs.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
    }

    private async Task ReadAsync()
    {
        var client = LoadBook.ClientIds.ElementAt(figures.Reads % LoadBook.ClientIds.Count());
        var path = figures.Reads % 2 == 0
            ? $"/v1/clients/{client}/cycles/2024-10"
            : $"/v1/usage?clientId={client}&from=2024-10-01T00:00:00Z&to=2024-11-01T00:00:00Z&window=day";
        (await host.GetAsync(path)).Status.ShouldBeOneOf(200, 404);
        figures.Reads++;
    }

    private async Task CollectAsync() => (await host.PostAsync("/v1/collections", vendor.NextRun())).Status.ShouldBeOneOf(202, 409);

    private static async Task EveryAsync(TimeSpan every, Func<Task> act, Func<bool> goesOn)
    {
        var began = Stopwatch.StartNew();
        for (var turn = 1; goesOn(); turn++)
        {
            await act();
            if (turn * every - began.Elapsed is var rest && rest > TimeSpan.Zero)
                await Task.Delay(rest);
        }
    }

    private double Percentile(double share) => Math.Round(_singlesMs[(int)(_singlesMs.Count * share)], 1);
}
