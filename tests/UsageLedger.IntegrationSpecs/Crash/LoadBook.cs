using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>One record of the load.</summary>
internal readonly record struct SentUsage(string Client, decimal Quantity, string Json);

/// <summary>Where the ledger said that a record is.</summary>
internal readonly record struct Acknowledged(string EventId, long Position);

/// <summary>What was sent and what was answered, over all senders and slices of a run.</summary>
internal sealed class LoadBook(int seed)
{
    public const decimal UnitCost = 0.002m;
    public const string KeyPrefix = "crash-";

    private const int Clients = 5;

    private long _highest;
    private int _outOfOrder;
    private long _sent;
    private int _repeats;
    private int _refusals;

    /// <summary>Records that have been sent or are about to be: those below this number.</summary>
    public int Records { get; set; }

    public ConcurrentDictionary<int, Acknowledged> Known { get; } = new();

    /// <summary>The records of every post by its correlation id, acknowledged or not.</summary>
    public ConcurrentDictionary<string, int[]> Posts { get; } = new();

    /// <summary>The highest position that anybody was told.</summary>
    public long Highest => Volatile.Read(ref _highest);

    public static IEnumerable<string> ClientIds => Enumerable.Range(0, Clients).Select(ClientId);

    /// <summary>Posts that were not acknowledged and were sent again.</summary>
    public int Repeats => Volatile.Read(ref _repeats);

    public void Repeat() => Interlocked.Increment(ref _repeats);

    /// <summary>Those of them that were answered with 429 or 503: the others had no answer.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    public void Refuse() => Interlocked.Increment(ref _refusals);

    /// <summary>The record of a number, always the same.</summary>
    public SentUsage Record(int index)
    {
        var random = new Random(HashCode(seed, index));
        var (client, quantity) = (ClientId(random.Next(Clients)), random.Next(1, 1_000_000) / 1_000m);
        var second = random.Next(31 * 24 * 60 * 60);
        var at = new DateTime(2024, 10, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(second).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        (string, JsonNode?)[] members = [("clientId", client), ("quantity", quantity.ToString(CultureInfo.InvariantCulture)), ("occurredAt", at)];
        return new SentUsage(client, quantity, Usage.Record($"{KeyPrefix}{index}", members));
    }

    /// <summary>Whoever acknowledges a record, and however often, names the same event; and what is accepted comes after all that was acknowledged before it was sent.</summary>
    public void Note(int[] batch, long before, Reply reply)
    {
        var items = reply.Items;
        items.Count.ShouldBe(batch.Length);
        Interlocked.Add(ref _sent, batch.Length);
        var highest = 0L;
        for (var index = 0; index < batch.Length; index++)
        {
            var status = (string)items[index]["status"]!;
            status.ShouldBeOneOf("accepted", "duplicate");
            var told = new Acknowledged((string)items[index]["eventId"]!, (long)items[index]["position"]!);
            Known.GetOrAdd(batch[index], told).ShouldBe(told);
            highest = Math.Max(highest, told.Position);
            if (status == "accepted" && told.Position <= before)
                Interlocked.Increment(ref _outOfOrder);
        }

        for (var seen = Highest; seen < highest; seen = Highest)
            Interlocked.CompareExchange(ref _highest, highest, seen);
    }

    public void Into(FaultFigures figures)
    {
        figures.Records = Records;
        figures.Sent = Volatile.Read(ref _sent);
        figures.Repeats = _repeats;
        figures.OutOfOrder += _outOfOrder;
    }

    private static string ClientId(int index) => $"client-{index}";

    private static int HashCode(int seed, int index) => unchecked((seed * 397) ^ (index * (int)2654435761)) & int.MaxValue;
}
