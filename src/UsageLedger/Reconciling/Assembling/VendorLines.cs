using NodaTime;
using NodaTime.Text;
using UsageLedger.Collecting;
using UsageLedger.Collecting.OpenRouter;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Twilio;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Recording;

namespace UsageLedger.Reconciling.Assembling;

/// <summary>What a vendor says that it charges, as lines of an invoice.</summary>
/// <param name="Total">As the vendor adds it up; null: it does not.</param>
/// <param name="Currency">Of all amounts.</param>
internal sealed record StatedLines(IReadOnlyList<InvoiceLine> Lines, decimal? Total, string Currency);

/// <summary>Asks the vendor by the one of its lists that is nearest to its bill: Twilio's usage records, OpenRouter's activity, or all records there are.</summary>
internal static class VendorLines
{
    private const string TotalPrice = "totalprice";
    private const int RejectedNamedMax = 3;

    /// <summary>Families of Twilio's leaf categories, as the ledger names them and in Twilio's units.</summary>
    private static readonly (string Prefix, string Metric, string Unit)[] Families =
    [
        ("calls-inbound", "call.inbound", "minute"),
        ("calls-outbound", "call.outbound", "minute"),
        ("failed-message-processing-fee", "message.failed", "message"),
        ("mms-inbound", "mms.inbound", "message"),
        ("mms-outbound", "mms.outbound", "message"),
        ("sms-inbound", "sms.inbound", "segment"),
        ("sms-outbound", "sms.outbound", "segment"),
    ];

    /// <param name="priced">Which of these usages have a price in the ledger.</param>
    public static Task<StatedLines> ReadAsync(
        OpenedAccount opened, LocalDate from, LocalDate to, Func<IReadOnlyList<Guid>, Task<IReadOnlySet<Guid>>> priced, CancellationToken ct) => opened.Collector switch
    {
        TwilioCollector => OfTwilioAsync(opened.Account, from, to, ct),
        OpenRouterCollector => OfOpenRouterAsync(opened.Account, from, to, ct),
        _ when opened.Collector.ListsRecords => OfRecordsAsync(opened, from, to, priced, ct),
        _ => throw new VendorException("no_list", "The vendor lists neither what it charges nor its records; post its invoice instead."),
    };

    private static async Task<StatedLines> OfTwilioAsync(VendorAccount account, LocalDate from, LocalDate to, CancellationToken ct) =>
        OfTwilio(await TwilioUsageRecords.ReadAsync(account, from, to.PlusDays(-1), null, ct).ToListAsync(ct));

    /// <summary>Of the usage records of all categories and days.</summary>
    internal static StatedLines OfTwilio(List<VendorTotal> records)
    {
        var totals = records.FindAll(record => record.Category == TotalPrice);
        var charged = TwilioTotals.Leaves(records).Where(record => record.Category != TotalPrice && (record.Quantity is not null and not 0 || record.Cost is not null and not 0)).ToList();
        var currency = OneCurrency(charged.Concat(totals).Where(record => record.Cost is not null and not 0).Select(record => record.Currency));
        var total = totals.Aggregate(0m, (sum, record) => Numbers.Sum(sum, record.Cost ?? 0));
        return new StatedLines(Lines(charged.Select(FamilyOf)), totals.Count > 0 ? total : null, currency);
    }

    /// <summary>What no family is known for stays in Twilio's words, and is missing in the ledger.</summary>
    private static Charge FamilyOf(VendorTotal leaf)
    {
        var family = Families.FirstOrDefault(known => leaf.Category == known.Prefix || leaf.Category.StartsWith(known.Prefix + "-", StringComparison.Ordinal));
        return new Charge(family.Metric ?? leaf.Category, leaf.From, family.Unit ?? leaf.Unit, leaf.Quantity ?? 0, leaf.Cost ?? 0);
    }

    /// <summary>A generation's cost is told in parts or whole, so that only all of its metrics together can be compared.</summary>
    private static async Task<StatedLines> OfOpenRouterAsync(VendorAccount account, LocalDate from, LocalDate to, CancellationToken ct)
    {
        var charges = new List<Charge>();
        for (var day = from; day < to; day = day.PlusDays(1))
        {
            var told = await ActivityRows.ReadAsync(account, day, null, ct);
            charges.AddRange(told.Rows.Select(row => new Charge("llm.*", row.Day, "generation", row.Figures.Generations, row.Figures.Cost)));
        }

        return new StatedLines(Lines(charges), null, Currencies.Default);
    }

    /// <summary>The whole list or nothing: what is left out of an invoice looks as if the vendor did not charge it.</summary>
    private static async Task<StatedLines> OfRecordsAsync(
        OpenedAccount opened, LocalDate from, LocalDate to, Func<IReadOnlyList<Guid>, Task<IReadOnlySet<Guid>>> priced, CancellationToken ct)
    {
        var (start, end) = (from.AtMidnight().InUtc().ToInstant(), to.AtMidnight().InUtc().ToInstant());
        var (days, currencies, rejected, next) = (new Dictionary<(LocalDate, string), Charge>(), new HashSet<string>(StringComparer.Ordinal), new List<RejectedRecord>(), (string?)null);
        await foreach (var page in opened.Collector.CollectAsync(opened.Account, new CollectionWindow(start, end, null), ct))
        {
            next = page.Cursor;
            rejected.AddRange(page.Rejected);
            foreach (var record in await AsChargedAsync(opened, [.. page.Records.Where(record => record.OccurredAt >= start && record.OccurredAt < end)], priced))
            {
                // Beside what is charged that day the free ones count too, for the ledger counts them.
                var day = record.OccurredAt.InUtc().Date;
                var sum = days.GetValueOrDefault((day, record.Metric)) ?? new Charge(record.Metric, day, record.Unit, 0, 0);
                days[(day, record.Metric)] = sum with
                {
                    Quantity = Numbers.Sum(sum.Quantity, record.Quantity), Amount = Numbers.Sum(sum.Amount, record.Cost ?? 0), IsCharged = sum.IsCharged || record.Cost is not null and not 0,
                };
                if (record.Cost is not null and not 0)
                {
                    currencies.Add(record.Currency);
                }
            }
        }

        return next is not null ? throw new VendorException("list_too_long", "The vendor lists more records than one invoice is put together from; ask for fewer days.")
            : rejected.Count > 0 ? throw NotRead(rejected)
            : new StatedLines(Lines(days.Values.Where(day => day.IsCharged)), null, OneCurrency(currencies));
    }

    /// <summary>A policy of who bills telephony takes nothing from what was told before it: there the vendor's price is what it charges.</summary>
    private static async Task<IReadOnlyList<UsageRecord>> AsChargedAsync(
        OpenedAccount opened, IReadOnlyList<UsageRecord> told, Func<IReadOnlyList<Guid>, Task<IReadOnlySet<Guid>>> priced)
    {
        Guid IdOf(UsageRecord record) => record.Key(opened.Account.Source.Tenant).Id;

        IReadOnlyList<Guid> taken = [.. told.Where(record => TelephonyBilling.Reported(record) is > 0).Select(IdOf)];
        if (taken.Count == 0)
        {
            return told;
        }

        var kept = await priced(taken);
        return [.. told.Select(record => TelephonyBilling.Reported(record) is > 0 and var cost && kept.Contains(IdOf(record)) ? record with { Cost = cost } : record)];
    }

    private static VendorException NotRead(List<RejectedRecord> rejected)
    {
        var named = string.Join("; ", rejected.Take(RejectedNamedMax).Select(record => $"{record.NativeId}: {record.Reason}"));
        return new VendorException(
            VendorException.Unreadable, $"{rejected.Count} of the vendor's records cannot be read, so that an invoice without them would be too low; first {named}");
    }

    /// <exception cref="VendorException">There are several.</exception>
    private static string OneCurrency(IEnumerable<string> charged) => charged.Distinct().Order(StringComparer.Ordinal).ToList() switch
    {
        [] => Currencies.Default,
        [var only] => only,
        var several => throw new VendorException("other_currency", $"The vendor charges in {string.Join(" and ", several)}; post its invoices, one for each currency."),
    };

    private static IReadOnlyList<InvoiceLine> Lines(IEnumerable<Charge> charges) =>
    [
        .. charges.GroupBy(charge => (charge.Date, charge.Metric))
            .OrderBy(same => same.Key.Date).ThenBy(same => same.Key.Metric, StringComparer.Ordinal)
            .Select(same => new InvoiceLine(
                $"{LocalDatePattern.Iso.Format(same.Key.Date)}:{same.Key.Metric}", same.Key.Metric, null, same.Key.Date, same.First().Unit,
                same.Aggregate(0m, (sum, charge) => Numbers.Sum(sum, charge.Quantity)), same.Aggregate(0m, (sum, charge) => Numbers.Sum(sum, charge.Amount)))),
    ];

    private sealed record Charge(string Metric, LocalDate Date, string? Unit, decimal Quantity, decimal Amount)
    {
        public bool IsCharged { get; init; }
    }
}
