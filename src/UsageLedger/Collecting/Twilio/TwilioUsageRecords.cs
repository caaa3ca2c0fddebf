using System.Runtime.CompilerServices;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Twilio;

/// <summary>Twilio's Usage Records: its own sums by category and day, of one account without its subaccounts.</summary>
public static class TwilioUsageRecords
{
    private const int PagesMax = 100;
    private const string Row = "A usage record of Twilio's";

    /// <param name="category">Such as <c>sms-outbound</c>; null: all, which nest.</param>
    /// <exception cref="VendorException">Twilio cannot be reached, refuses, or answers what cannot be read.</exception>
    public static async IAsyncEnumerable<VendorTotal> ReadAsync(
        VendorAccount account, LocalDate from, LocalDate to, string? category, [EnumeratorCancellation] CancellationToken ct)
    {
        var days = $"StartDate={LocalDatePattern.Iso.Format(from)}&EndDate={LocalDatePattern.Iso.Format(to)}";
        var first = $"Usage/Records/Daily.json?{days}&IncludeSubaccounts=false&PageSize=1000{(category is null ? "" : "&Category=" + Uri.EscapeDataString(category))}";
        var counts = new Dictionary<LocalDate, int>();
        string? next = null;
        for (var page = 0; page < PagesMax; page++)
        {
            var link = next;
            var (totals, following) = await account.AskAsync(
                credential => link is null
                    ? TwilioRequests.Below(account.Source, credential, first)
                    : TwilioRequests.Follow(account.Source, credential, link),
                answer => Read(answer, from, to), ct);
            foreach (var total in totals)
            {
                Count(counts, total.From);
                yield return total;
            }

            next = following;
            if (next is null)
            {
                yield break;
            }
        }

        throw new VendorException(VendorException.Unreadable, $"Twilio's usage records fill more than {PagesMax} pages; ask for fewer days.");
    }

    private static (IReadOnlyList<VendorTotal> Totals, string? Next) Read(VendorAnswer answer, LocalDate from, LocalDate to)
    {
        using var document = VendorJson.Parse(answer.Given());
        var totals = DayRows.Read(Row, document.RootElement.Items("usage_records"), record => Read(record, from, to), total => total.From);
        return (totals, document.RootElement.Text("next_page_uri"));
    }

    /// <summary>The price of a usage record is positive, unlike that of a message or call.</summary>
    private static VendorTotal Read(JsonElement record, LocalDate from, LocalDate to)
    {
        var (first, last) = (Day(record, "start_date"), Day(record, "end_date"));
        return first < from || last > to || last < first
            ? throw new FormatException("it is not of the days that were asked for")
            : TotalRules.Kept(new VendorTotal(
                first, last, record.Text("category") ?? "", record.Number("usage"), record.Text("usage_unit"), record.Number("price"),
                (record.Text("price_unit") ?? Currencies.Default).ToUpperInvariant())
            {
                Records = TotalRules.Records(record.Number("count")),
            });
    }

    /// <summary>Over all pages, as of each.</summary>
    private static void Count(Dictionary<LocalDate, int> counts, LocalDate day)
    {
        try
        {
            DayRows.Count(counts, day);
        }
        catch (FormatException tooMany)
        {
            throw new VendorException(VendorException.Unreadable, $"{Row} cannot be read: {tooMany.Message}.");
        }
    }

    private static LocalDate Day(JsonElement record, string name) =>
        LocalDatePattern.Iso.Parse(record.Text(name) ?? "") is { Success: true, Value: var day } ? day : throw new FormatException($"{name} is no date");
}
