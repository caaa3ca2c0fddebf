using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>One record of the load.</summary>
internal sealed record SentUsage(string Client, decimal Quantity, string Json);

/// <summary>Where the ledger said that a record is.</summary>
internal sealed record Acknowledged(string EventId, long Position);

/// <summary>Senders that post every record one to five times, in any order, to either host, until each batch is acknowledged.</summary>
internal sealed class Load
{
    public const int Records = 12_000;
    public const decimal UnitCost = 0.002m;

    private const int TimesMax = 5;
    private const int BatchMax = 300;
    private const int Senders = 6;
    private const int Clients = 5;

    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<int[]> _waiting;
    private readonly int _batches;
    private readonly int _seed;
    private int _done;
    private int _repeats;

    public Load(int seed)
    {
        _seed = seed;
        var random = new Random(seed);
        Sent = [.. Enumerable.Range(0, Records).Select(index => Make(index, random))];
        var all = Enumerable.Range(0, Records).SelectMany(index => Enumerable.Repeat(index, random.Next(1, TimesMax + 1))).ToArray();
        random.Shuffle(all);
        _waiting = new ConcurrentQueue<int[]>(Cut(all, random));
        _batches = _waiting.Count;
    }

    public IReadOnlyList<SentUsage> Sent { get; }

    public static IEnumerable<string> ClientIds => Enumerable.Range(0, Clients).Select(ClientId);

    public ConcurrentDictionary<int, Acknowledged> Known { get; } = new();

    /// <summary>The records of every post by its correlation id, acknowledged or not.</summary>
    public ConcurrentDictionary<string, int[]> Posts { get; } = new();

    /// <summary>Posts that were not acknowledged and had to be repeated.</summary>
    public int Repeats => _repeats;

    public async Task RunAsync(HostPair hosts) =>
        await Task.WhenAll(Enumerable.Range(1, Senders).Select(sender => SendAsync(hosts, new Random(_seed + sender))));

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

    private async Task SendAsync(HostPair hosts, Random random)
    {
        while (_waiting.TryDequeue(out var batch))
        {
            var waited = Stopwatch.StartNew();
            var body = Usage.Array(batch.Select(index => Sent[index].Json));
            while (!await TryAsync(hosts.Any(random), batch, body))
            {
                waited.Elapsed.ShouldBeLessThan(StallMax, "a batch is never acknowledged");
                Interlocked.Increment(ref _repeats);
                await Task.Delay(random.Next(10, 100));
            }

            Interlocked.Increment(ref _done);
        }
    }

    private async Task<bool> TryAsync(Caller host, int[] batch, string body)
    {
        var post = Guid.NewGuid().ToString("N");
        Posts[post] = batch;
        try
        {
            var reply = await host.UsageAsync(body, Caller.Json, ("X-Correlation-Id", post));
            if (reply.Status == 503)
                return false;
            reply.Status.ShouldBe(200, reply.Text);
            Note(batch, reply);
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TaskCanceledException)
        {
            // Whether the batch was recorded is not known: it is sent again.
            return false;
        }
    }

    /// <summary>Whoever acknowledges a record, and however often, names the same event.</summary>
    private void Note(int[] batch, Reply reply)
    {
        var items = reply.Items;
        items.Count.ShouldBe(batch.Length);
        for (var index = 0; index < batch.Length; index++)
        {
            ((string)items[index]["status"]!).ShouldBeOneOf("accepted", "duplicate");
            var told = new Acknowledged((string)items[index]["eventId"]!, (long)items[index]["position"]!);
            Known.GetOrAdd(batch[index], told).ShouldBe(told);
        }
    }

    private static SentUsage Make(int index, Random random)
    {
        var (client, quantity) = (ClientId(random.Next(Clients)), random.Next(1, 1_000_000) / 1_000m);
        var second = random.Next(31 * 24 * 60 * 60);
        var at = new DateTime(2024, 10, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(second).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        (string, JsonNode?)[] members = [("clientId", client), ("quantity", quantity.ToString(CultureInfo.InvariantCulture)), ("occurredAt", at)];
        return new SentUsage(client, quantity, Usage.Record($"crash-{index}", members));
    }

    private static string ClientId(int index) => $"client-{index}";

    private static IEnumerable<int[]> Cut(int[] all, Random random)
    {
        for (var start = 0; start < all.Length;)
        {
            var batch = all.Skip(start).Take(random.Next(1, BatchMax + 1)).ToArray();
            start += batch.Length;
            yield return batch;
        }
    }
}
