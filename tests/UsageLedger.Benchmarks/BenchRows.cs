using System.Globalization;
using System.Text;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Benchmarks;

/// <summary>The usage that every benchmark measures with: 20 clients, 40 agents, three metrics, a million events a month.</summary>
internal static class BenchRows
{
    public const string Tenant = "bench";
    private const int EventsAMonth = 1_000_000;
    private const int Clients = 20;
    private const int Agents = 40;
    private static readonly (string Metric, string Unit, string UnitCost)[] Metrics =
    [
        ("llm.tokens.input", "token", "0.00000015"),
        ("llm.tokens.output", "token", "0.0000006"),
        ("call.seconds", "second", "0.0012"),
    ];

    public static NewEvent Event(int i)
    {
        var (metric, unit, unitCost) = Metrics[i % Metrics.Length];
        var client = string.Create(CultureInfo.InvariantCulture, $"client-{i % Clients:000}");
        var key = string.Create(CultureInfo.InvariantCulture, $"record-{i:00000000}");
        var quantity = (i * 7919L % 4000) + 1;
        var cost = quantity * decimal.Parse(unitCost, CultureInfo.InvariantCulture);
        var at = new DateTime(2026, 10, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(31L * 86_400 * i / EventsAMonth);
        var data = string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"agentId":"agent-{{{i % Agents:000}}}","attributes":{"model":"anthropic/claude-sonnet","region":"eu-central-1"},"clientId":"{{{client}}}","cost":"{{{cost}}}","currency":"USD","idempotencyKey":"{{{key}}}","metric":"{{{metric}}}","occurredAt":"{{{at:yyyy-MM-ddTHH:mm:ss}}}Z","provider":"openrouter","quantity":"{{{quantity}}}","resourceId":"key-{{{i % (Clients * 2)}}}","source":"bench","unit":"{{{unit}}}","unitCost":"{{{unitCost}}}"}""");
        return new NewEvent(
            DeterministicId.Of("usage", Tenant, "bench", key), "client-" + client, "usage_recorded", new CanonicalJson(Encoding.UTF8.GetBytes(data)));
    }

    /// <summary>The same usage as bodies of POST /v1/usage.</summary>
    public static IReadOnlyList<byte[]> Bodies(int from, int count, int size)
    {
        var bodies = new List<byte[]>();
        for (var start = from; start < from + count; start += size)
        {
            var body = new MemoryStream();
            for (var i = start; i < Math.Min(start + size, from + count); i++)
            {
                body.WriteByte((byte)(i == start ? '[' : ','));
                body.Write(Event(i).Data.Utf8.Span);
            }

            body.WriteByte((byte)']');
            bodies.Add(body.ToArray());
        }

        return bodies;
    }

    public static IEnumerable<AppendRequest> Requests(int from, int total, int size)
    {
        for (var start = from; start < total; start += size)
        {
            var items = new AppendItem[Math.Min(size, total - start)];
            for (var i = 0; i < items.Length; i++)
            {
                var added = Event(start + i);
                items[i] = new AppendItem(added.Id, added);
            }

            yield return new AppendRequest(Tenant, "bench", items);
        }
    }
}
