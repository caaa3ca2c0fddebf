using NodaTime;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.IntegrationSpecs.Reconciling;

/// <summary>The invoice of a vendor whose items are known, true in every line but those that are planted.</summary>
internal sealed class PlantedInvoice
{
    public static readonly Instant Start = Instant.FromUtc(2026, 10, 2, 0, 0);
    public static readonly Instant End = Instant.FromUtc(2026, 10, 28, 0, 0);

    private static readonly string[] Zones = ["America/New_York", "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney"];

    private readonly Random random;
    private readonly List<BilledItem> items;
    private readonly bool byRecord;
    private readonly List<InvoiceLine> lines;
    private readonly HashSet<string> touched = [];

    /// <param name="byRecord">A line for each record of the vendor's, else for each day and metric.</param>
    /// <param name="dated">Lines of records name their days too.</param>
    public PlantedInvoice(string provider, string source, IEnumerable<BilledItem> items, bool byRecord, bool dated, Random random)
    {
        (this.random, this.byRecord, this.items) = (random, byRecord, [.. items]);
        lines =
        [
            .. this.items.Where(item => item.At >= Start && item.At < End)
                .GroupBy(item => (item.Metric, Resource: byRecord ? item.NativeId : null, Date: byRecord && !dated ? null : (LocalDate?)item.At.InUtc().Date))
                .Select((same, index) => new InvoiceLine(
                    $"line-{index}", same.Key.Metric, same.Key.Resource, same.Key.Date, same.First().Unit, same.Sum(Counted), same.Sum(item => item.Amount))),
        ];
        Provider = provider;
        Source = source;
    }

    public string Provider { get; }

    private string Source { get; }

    /// <summary>What each planted line must be told as; of those taken out, by what they were.</summary>
    public Dictionary<string, LineStatus> Expected { get; } = [];

    public List<InvoiceLine> TakenOut { get; } = [];

    /// <summary>As it is sent, under a number of its own each time.</summary>
    public ProviderInvoice Numbered() => new(
        Provider, Source, $"INV-{random.Next()}", Start, End, "UTC", "USD", lines.Sum(line => line.Amount), [.. lines]);

    /// <summary>Of each kind so many, as far as there are lines for it.</summary>
    public PlantedInvoice Plant(int each)
    {
        for (var at = 0; at < each; at++)
        {
            Edge(at);
            Change(line => line with { Quantity = line.Quantity + 1 + random.Next(9), Amount = line.Amount + Odd() }, LineStatus.QuantityDiffers);
            Change(line => line with { Amount = line.Amount + (random.Next(2) == 0 ? Odd() : -Odd()) }, LineStatus.PriceDiffers);
            Extra(at);
            TakeOut();
        }

        return this;
    }

    /// <summary>By the day no vendor counts a message that failed free of charge.</summary>
    private decimal Counted(BilledItem item) => item.FailedFree && !byRecord ? 0 : item.Quantity;

    /// <summary>No sum of true figures.</summary>
    private decimal Odd() => (random.Next(1, 900) / 10_000m) + 0.000_000_7m;

    private InvoiceLine? Pick(Func<InvoiceLine, bool> fits)
    {
        var free = lines.Where(line => !touched.Contains(line.Id) && fits(line)).ToList();
        return free.Count == 0 ? null : free[random.Next(free.Count)];
    }

    private void Change(Func<InvoiceLine, InvoiceLine> change, LineStatus status)
    {
        if (Pick(line => line.Amount != 0) is { } line)
            Put(line, change(line), status);
    }

    private void Put(InvoiceLine line, InvoiceLine changed, LineStatus status)
    {
        lines[lines.IndexOf(line)] = changed;
        touched.Add(line.Id);
        Expected[line.Id] = status;
    }

    /// <summary>A line of what never was, or one that is billed a second time.</summary>
    private void Extra(int at)
    {
        var like = random.Next(2) == 0 ? Pick(line => line.Amount != 0) : null;
        var extra = like is not null
            ? like with { Id = $"extra-{at}" }
            : new InvoiceLine($"extra-{at}", "call.never", byRecord ? $"never-{at}" : null, byRecord ? null : new LocalDate(2026, 10, 2).PlusDays(at % 26), null, 10 + at, Odd());
        if (like is not null)
            touched.Add(like.Id);
        lines.Add(extra);
        touched.Add(extra.Id);
        Expected[extra.Id] = LineStatus.MissingInLedger;
    }

    private void TakeOut()
    {
        if (Pick(line => line.Amount != 0) is not { } line)
            return;
        lines.Remove(line);
        TakenOut.Add(line);
    }

    /// <summary>Of days: what the vendor counted in a day of another zone. Of records: one that another zone puts into another day, or into the period.</summary>
    private void Edge(int at)
    {
        var zone = DateTimeZoneProviders.Tzdb[Zones[random.Next(Zones.Length)]];
        if (!byRecord)
            ShiftDay(zone);
        else if (lines[0].Date is not null)
            ShiftRecord(zone);
        else
            AddOutside(at);
    }

    private void ShiftDay(DateTimeZone zone)
    {
        (decimal Quantity, decimal Amount) Elsewhere(InvoiceLine line)
        {
            var there = items.Where(item => item.Metric == line.Metric && item.At.InZone(zone).Date == line.Date).ToList();

            // A day that only leaves some out says as well that the vendor counts less.
            return there.Exists(item => item.At.InUtc().Date != line.Date) ? (there.Sum(Counted), there.Sum(item => item.Amount)) : default;
        }

        if (Pick(line => line.Amount != 0 && Elsewhere(line) is { Amount: not 0 } there && there != (line.Quantity, line.Amount)) is { } line)
            Put(line, line with { Quantity = Elsewhere(line).Quantity, Amount = Elsewhere(line).Amount }, LineStatus.PeriodDiffers);
    }

    private void ShiftRecord(DateTimeZone zone)
    {
        LocalDate Elsewhere(InvoiceLine line) => items.First(item => item.NativeId == line.ResourceId && item.Metric == line.Metric).At.InZone(zone).Date;

        if (Pick(line => line.Amount != 0 && Elsewhere(line) != line.Date && Elsewhere(line) >= Start.InUtc().Date && Elsewhere(line) < End.InUtc().Date) is { } line)
            Put(line, line with { Date = Elsewhere(line) }, LineStatus.PeriodDiffers);
    }

    private void AddOutside(int at)
    {
        var outside = items.Where(item => item.Amount != 0 && ((item.At < Start && item.At >= Start - Duration.FromHours(12)) || (item.At >= End && item.At < End + Duration.FromHours(11))))
            .GroupBy(item => (item.Metric, item.NativeId)).Where(same => lines.TrueForAll(line => (line.Metric, line.ResourceId) != same.Key)).ToList();
        if (outside.Count == 0)
            return;
        var same = outside[random.Next(outside.Count)];
        lines.Add(new InvoiceLine($"edge-{at}", same.Key.Metric, same.Key.NativeId, null, same.First().Unit, same.Sum(item => item.Quantity), same.Sum(item => item.Amount)));
        touched.Add($"edge-{at}");
        Expected[$"edge-{at}"] = LineStatus.PeriodDiffers;
    }
}
