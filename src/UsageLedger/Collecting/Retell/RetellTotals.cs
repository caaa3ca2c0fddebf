using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Retell;

/// <summary>How many calls Retell itself counts: the total of a list of one call, asked for by the hour in which calls ended.</summary>
internal static class RetellTotals
{
    private const int HoursPerDay = 24;
    private static readonly Duration Hour = Duration.FromHours(1);

    public static async Task<IReadOnlyList<VendorTotal>> ReadAsync(VendorAccount account, LocalDate day, CancellationToken ct)
    {
        var totals = new List<VendorTotal>();
        var start = day.AtMidnight().InUtc().ToInstant();
        for (var hour = 0; hour < HoursPerDay; hour++)
        {
            var at = start + (Hour * hour);
            if (await CountAsync(account, at, ct) is { } calls)
            {
                totals.Add(new VendorTotal(day, day, "calls", calls, "call", null, Currencies.Default) { Records = calls, Metric = "call", At = at });
            }
        }

        return totals;
    }

    /// <summary>Null where Retell tells no total.</summary>
    private static Task<long?> CountAsync(VendorAccount account, Instant at, CancellationToken ct)
    {
        var body = new
        {
            filter_criteria = new
            {
                end_timestamp = new { type = "range", op = "bt", value = new[] { at.ToUnixTimeMilliseconds(), (at + Hour).ToUnixTimeMilliseconds() - 1 } },
            },
            limit = 1,
            include_total = true,
        };
        return account.AskAsync(credential => RetellCollector.List(account.Source, credential, body), Read, ct);
    }

    private static long? Read(VendorAnswer answer)
    {
        using var document = VendorJson.Parse(answer.Given());
        try
        {
            return TotalRules.Records(document.RootElement.Number("total"));
        }
        catch (FormatException unusable)
        {
            throw new VendorException(VendorException.Unreadable, $"Retell's total cannot be read: {unusable.Message}.");
        }
    }
}
