using System.Diagnostics;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>
/// A slice of the load: several senders, each of which posts every record one to five times, in an order of its own, to any host, until each
/// batch is acknowledged; and some records of long ago once more.
/// </summary>
internal sealed class Load
{
    private const int Senders = 3;
    private const int TimesMax = 5;
    private const int OldParts = 20;

    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(120);

    private readonly LoadBook _book;
    private readonly int _first;
    private readonly string[] _json;
    private readonly Queue<int[]>[] _waiting;
    private readonly int _batches;
    private readonly int _seed;
    private int _done;

    public Load(LoadBook book, int records, int batchMax, int seed)
    {
        (_book, _first, _seed) = (book, book.Records, seed);
        book.Records += records;
        _json = [.. Enumerable.Range(_first, records).Select(index => book.Record(index).Json)];
        var random = new Random(seed);
        _waiting = [.. Enumerable.Range(0, Senders).Select(_ => new Queue<int[]>(Cut(Drawn(records, random), batchMax, random)))];
        _batches = _waiting.Sum(queue => queue.Count);
    }

    public async Task RunAsync(Func<Random, Caller> any) =>
        await Task.WhenAll(_waiting.Select((batches, sender) => Task.Run(() => SendAsync(any, batches, new Random(_seed + sender + 1)))));

    /// <summary>Returns when this part of the batches is acknowledged.</summary>
    public async Task ReachedAsync(double part)
    {
        var waited = Stopwatch.StartNew();
        while (Volatile.Read(ref _done) < part * _batches)
        {
            waited.Elapsed.ShouldBeLessThan(StallMax, "the load does not go on");
            await Task.Delay(10);
        }
    }

    private async Task SendAsync(Func<Random, Caller> any, Queue<int[]> batches, Random random)
    {
        while (batches.TryDequeue(out var batch))
        {
            var body = Usage.Array(batch.Select(index => index >= _first ? _json[index - _first] : _book.Record(index).Json));
            await SendAsync(_book, () => any(random), batch, body);
            Interlocked.Increment(ref _done);
        }
    }

    /// <summary>Sends a batch until it is acknowledged.</summary>
    public static async Task SendAsync(LoadBook book, Func<Caller> any, int[] batch, string body)
    {
        var waited = Stopwatch.StartNew();
        while (!await TryAsync(book, any(), batch, body))
        {
            waited.Elapsed.ShouldBeLessThan(StallMax, "a batch is never acknowledged");
            book.Repeat();
            await Task.Delay(Random.Shared.Next(10, 100));
        }
    }

    /// <summary>Whether it was acknowledged; if not, whether it was recorded is not known.</summary>
    public static async Task<bool> TryAsync(LoadBook book, Caller host, int[] batch, string body)
    {
        var (post, before) = (Guid.NewGuid().ToString("N"), book.Highest);
        book.Posts[post] = batch;
        try
        {
            var reply = await host.UsageAsync(body, Caller.Json, ("X-Correlation-Id", post));
            if (reply.Status is 429 or 503)
            {
                book.Refuse();
                return false;
            }

            reply.Status.ShouldBe(200, reply.Text);
            book.Note(batch, before, reply);
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TaskCanceledException)
        {
            return false;
        }
    }

    private int[] Drawn(int records, Random random)
    {
        var slice = Enumerable.Range(_first, records).SelectMany(index => Enumerable.Repeat(index, random.Next(1, TimesMax + 1)));
        var old = Enumerable.Range(0, _first == 0 ? 0 : records / OldParts).Select(_ => random.Next(_first));
        int[] all = [.. slice, .. old];
        random.Shuffle(all);
        return all;
    }

    private static IEnumerable<int[]> Cut(int[] all, int batchMax, Random random)
    {
        for (var start = 0; start < all.Length;)
        {
            var batch = all.AsSpan(start, Math.Min(random.Next(1, batchMax + 1), all.Length - start)).ToArray();
            start += batch.Length;
            yield return batch;
        }
    }
}
