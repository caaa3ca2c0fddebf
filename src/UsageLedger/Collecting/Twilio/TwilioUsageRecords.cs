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

    /// <param name="category">Such as <c>sms-outbound</c>; null: all, which nest.</param>
    /// <exception cref="VendorException">Twilio cannot be reached, refuses, or answers what cannot be read.</exception>
    public static async IAsyncEnumerable<VendorTotal> ReadAsync(
        VendorAccount account, LocalDate from, LocalDate to, string? category, [EnumeratorCancellation] CancellationToken ct)
    {
        var days = $"StartDate={LocalDatePattern.Iso.Format(from)}&EndDate={LocalDatePattern.Iso.Format(to)}";
        var first = $"Usage/Records/Daily.json?{days}&IncludeSubaccounts=false&PageSize=1000{(category is null ? "" : "&Category=" + Uri.EscapeDataString(category))}";
        string? next = null;
        for (var page = 0; page < PagesMax; page++)
        {
            var link = next;
            var (totals, following) = await account.AskAsync(
                credential => link is null
                    ? TwilioRequests.Below(account.Source, credential, first)
                    : TwilioRequests.Follow(account.Source, credential, link),
                Read, ct);
            foreach (var total in totals)
            {
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

    private static (IReadOnlyList<VendorTotal> Totals, string? Next) Read(VendorAnswer answer)
    {
        using var document = VendorJson.Parse(answer.Given());
        try
        {
            return ([.. document.RootElement.Items("usage_records").Select(Read)], document.RootElement.Text("next_page_uri"));
        }
        catch (FormatException unusable)
        {
            throw new VendorException(VendorException.Unreadable, $"A usage record of Twilio's cannot be read: {unusable.Message}.");
        }
    }

    /// <summary>The price of a usage record is positive, unlike that of a message or call.</summary>
    private static VendorTotal Read(JsonElement record) => new(
        Day(record, "start_date"), Day(record, "end_date"), record.Text("category") ?? "", record.Number("usage"), record.Text("usage_unit"),
        record.Number("price"), (record.Text("price_unit") ?? Currencies.Default).ToUpperInvariant())
    {
        Records = record.Number("count") is >= 0 and < long.MaxValue and var count && decimal.IsInteger(count) ? (long)count : null,
    };

    private static LocalDate Day(JsonElement record, string name) =>
        LocalDatePattern.Iso.Parse(record.Text(name) ?? "") is { Success: true, Value: var day } ? day : throw new FormatException($"{name} is no date");
}
