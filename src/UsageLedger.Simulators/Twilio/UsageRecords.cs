using System.Globalization;
using NodaTime;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Twilio;

/// <summary>A row of <c>/Usage/Records</c>.</summary>
internal sealed record UsageRow(UsageCategory Category, LocalDate Start, LocalDate End, int Count, decimal Usage, decimal Price);

/// <summary>Sums what messages and calls cost, as known at a time, by category and period.</summary>
internal static class UsageRecords
{
    public static IEnumerable<UsageEntry> Entries(SimWorld world, Instant now, int changed)
    {
        var messages =
            from message in world.Messages
            where message.SentAt <= now && message.Price is not null
            select new UsageEntry(
                message.Account.Sid, message.SentAt.InUtc().Date, UsageCategory.Of(message), 1, message.Media > 0 || message.Status == "failed" ? 1 : message.Segments, -message.Price!.At(now, changed));
        var calls =
            from call in world.TwilioCalls
            where call.EndedAt <= now && call.Price is not null
            select new UsageEntry(call.Account.Sid, call.EndedAt.InUtc().Date, UsageCategory.Of(call), 1, call.Minutes, -call.Price!.At(now, changed));
        return messages.Concat(calls);
    }

    /// <summary>One row for each category and period, categories first; only the plain list has rows in which nothing was.</summary>
    public static IEnumerable<UsageRow> Rows(IReadOnlyList<UsageEntry> entries, string? category, IReadOnlyList<(LocalDate Start, LocalDate End)> periods) =>
        from known in UsageCategory.All
        where category is null || known.Name == category
        let own = entries.Where(entry => known.Has(entry.Category)).ToList()
        from period in periods
        let counted = own.Where(entry => entry.Date >= period.Start && entry.Date <= period.End).ToList()
        select new UsageRow(
            known, period.Start, period.End, counted.Count,
            known.Name == "totalprice" ? counted.Sum(entry => entry.Price ?? 0) : counted.Sum(entry => entry.Usage), counted.Sum(entry => entry.Price ?? 0));

    public static object Write(UsageRow row, string accountSid, Instant now, string list)
    {
        var records = $"{TwilioWire.Account(accountSid)}/Usage/Records";
        var (start, end, of) = (Iso(row.Start), Iso(row.End), $".json?Category={row.Category.Name}");
        var isTotal = row.Category.Name == "totalprice";
        return new
        {
            account_sid = accountSid,
            api_version = TwilioWire.Version,
            as_of = now.ToString("uuuu-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture),
            category = row.Category.Name,
            count = isTotal ? null : row.Count.ToString(CultureInfo.InvariantCulture),
            count_unit = row.Category.CountUnit,
            description = row.Category.Description,
            end_date = end,
            price = TwilioWire.Number(row.Price),
            price_unit = "usd",
            start_date = start,
            subresource_uris = new
            {
                all_time = $"{records}/AllTime{of}", daily = $"{records}/Daily{of}", last_month = $"{records}/LastMonth{of}", monthly = $"{records}/Monthly{of}",
                this_month = $"{records}/ThisMonth{of}", today = $"{records}/Today{of}", yearly = $"{records}/Yearly{of}", yesterday = $"{records}/Yesterday{of}",
            },
            uri = $"{records}{list}{of}&StartDate={start}&EndDate={end}",
            usage = row.Usage.ToString(CultureInfo.InvariantCulture),
            usage_unit = row.Category.UsageUnit,
        };
    }

    private static string Iso(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
