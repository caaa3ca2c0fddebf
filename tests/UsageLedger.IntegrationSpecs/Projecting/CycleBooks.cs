using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>The lines and adjustments of a client's cycles, booked one event after another as the rulings say, with no SQL.</summary>
internal sealed class CycleBooks(string client, Registration registration)
{
    private const int PricesMax = 32;

    private readonly Dictionary<LineKey, Line> lines = [];
    private readonly string stream = StreamNames.OfClient(client);

    /// <summary>Every row that cycle_aggregates must hold when it stands at a position, in the form of <see cref="RowsAsync"/>.</summary>
    public static async Task<List<string>> OfAsync(SpecLog log, long upTo, IDateTimeZoneProvider? zones = null)
    {
        var books = new Dictionary<string, CycleBooks>();
        await foreach (var stored in log.Reader.RangeAsync(0, upTo, default))
        {
            if (!stored.Stream.StartsWith("client-", StringComparison.Ordinal))
                continue;
            var client = stored.Stream["client-".Length..];
            if (!books.TryGetValue(client, out var of))
                books.Add(client, of = new CycleBooks(client, await RegistrationAsync(log, client, upTo, zones)));
            of.Book(stored);
        }

        return [.. books.Values.SelectMany(of => of.lines.Where(line => line.Key.Origin is not null || line.Value.IsSomething).Select(line => of.Row(line.Key, line.Value))).Order(StringComparer.Ordinal)];
    }

    /// <summary>How each row of a cycle begins.</summary>
    public static string Prefix(string client, Instant cycle) => $"{client} {Told(cycle)} ";

    public static async Task<Registration> RegistrationAsync(SpecLog log, string client, long upTo, IDateTimeZoneProvider? zones = null) =>
        await log.Reader.StreamAsync(SpecUsage.Tenant, StreamNames.OfRegistration(client), 0, default)
            .Where(stored => stored.Position <= upTo)
            .AggregateAsync(Registration.None with { Zones = zones ?? DateTimeZoneProviders.Tzdb }, (registration, stored) => registration.Apply(stored));

    public static async Task<List<string>> RowsAsync(SpecLog log)
    {
        var rows = await log.RowsAsync("""
            select client_id, to_char(cycle_start, 'YYYY-MM-DD HH24:MI:SS'), coalesce(to_char(origin_start, 'YYYY-MM-DD HH24:MI:SS'), '-'), provider, metric, coalesce(agent_id, '-'),
                   unit, currency, trim_scale(quantity)::text, trim_scale(cost)::text, records, pending, revised, voided,
                   coalesce(to_char(first_at, 'YYYY-MM-DD HH24:MI:SS'), '-'), coalesce(to_char(last_at, 'YYYY-MM-DD HH24:MI:SS'), '-'), coalesce(array_to_string(prices, ','), '-')
            from read.cycle_aggregates
            where (quantity, cost, records, pending, revised, voided) <> (0, 0, 0, 0, 0, 0)
            """);
        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private void Book(StoredEvent stored)
    {
        using var json = JsonDocument.Parse(stored.Data.Utf8);
        if (stored.Type == EventTypes.UsageRecorded)
            Book(stored, json.RootElement, 1);
        if (stored.Type is EventTypes.UsageRevised or EventTypes.UsageVoided)
            Book(stored, json.RootElement.GetProperty("previous"), -1);
        if (stored.Type == EventTypes.UsageRevised)
            Book(stored, json.RootElement.GetProperty("current"), 1);
    }

    /// <summary>Takes or adds one state, if it is of this stream.</summary>
    private void Book(StoredEvent stored, JsonElement state, int sign)
    {
        if (Text(state, "clientId") is not { } of || StreamNames.OfClient(of) != stream)
            return;

        var origin = registration.Calendar.CycleAt(InstantPattern.ExtendedIso.Parse(Text(state, "occurredAt")!).Value);
        var late = IsClosed(origin, stored.Position);
        var cycle = late ? registration.Calendar.CycleAt(stored.RecordedAt) : origin;
        while (IsClosed(cycle, stored.Position))
            cycle = registration.Calendar.Next(cycle);

        var key = new LineKey(
            cycle.Start, late ? origin.Start : null, Text(state, "provider")!, Text(state, "metric")!, Text(state, "agentId"), Text(state, "unit")!, Text(state, "currency")!);
        if (!lines.TryGetValue(key, out var line))
            lines.Add(key, line = new Line());
        var cost = Text(state, "cost");
        line.Quantity += sign * Number(Text(state, "quantity")!);
        line.Cost += sign * (cost is null ? 0 : Number(cost));
        line.Pending += cost is null ? sign : 0;
        line.Net += sign;
        line.Events.Add(stored.Position);
        line.Revised += sign == 1 && stored.Type == EventTypes.UsageRevised ? 1 : 0;
        line.Voided += stored.Type == EventTypes.UsageVoided ? 1 : 0;
        if (sign == 1)
            line.Extend(InstantPattern.ExtendedIso.Parse(Text(state, "occurredAt")!).Value, Text(state, "unitCost") is { } price ? Number(price) : null);
    }

    /// <summary>A closed cycle holds what the log held as of the close, and nothing that came after.</summary>
    private bool IsClosed(Cycle cycle, long position) =>
        registration.Closed.TryGetValue(cycle.Start, out var closed) && closed.AsOfPosition < position;

    private string Row(LineKey key, Line line) => string.Join(
        ' ', client, Told(key.Cycle), key.Origin is { } origin ? Told(origin) : "-", key.Provider, key.Metric, key.Agent ?? "-", key.Unit, key.Currency,
        Told(line.Quantity), Told(line.Cost), Told(key.Origin is null ? line.Net : line.Events.Count), Told(line.Pending), Told(line.Revised), Told(line.Voided),
        line.First is { } first ? Told(first) : "-", line.Last is { } last ? Told(last) : "-", line.Prices.Count == 0 ? "-" : string.Join(',', line.Prices.Take(PricesMax).Select(Told)));

    private static string Told(Instant instant) => InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss").Format(instant);

    private static string Told(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string? Text(JsonElement state, string name) => state.TryGetProperty(name, out var value) ? value.GetString() : null;

    private sealed record LineKey(Instant Cycle, Instant? Origin, string Provider, string Metric, string? Agent, string Unit, string Currency);

    private sealed class Line
    {
        public decimal Quantity { get; set; }

        public decimal Cost { get; set; }

        public int Net { get; set; }

        public int Pending { get; set; }

        public int Revised { get; set; }

        public int Voided { get; set; }

        public HashSet<long> Events { get; } = [];

        public Instant? First { get; private set; }

        public Instant? Last { get; private set; }

        public SortedSet<decimal> Prices { get; } = [];

        public void Extend(Instant at, decimal? price)
        {
            (First, Last) = (First is { } first && first < at ? first : at, Last is { } last && last > at ? last : at);
            if (price is { } named)
                Prices.Add(named);
        }

        /// <summary>Lines that have come to nothing need no row.</summary>
        public bool IsSomething => Quantity != 0 || Cost != 0 || Net != 0 || Pending != 0 || Revised != 0 || Voided != 0;
    }
}
