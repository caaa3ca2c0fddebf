using System.Diagnostics;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog.Appending;
using UsageLedger.Inbox;

namespace UsageLedger.Collecting.Runs;

/// <summary>
/// Asks a vendor for its own totals of some days, and tells them day by day. Cut off anywhere it goes on behind the last day kept; told
/// again after a crash, each is the same event still.
/// </summary>
public sealed class TotalsWork(VendorAccounts accounts, LogAppender log, InboxHolds holds, InboxOptions options, IClock clock) : IInboxWork
{
    /// <summary>A day may take the rest of what a try may take.</summary>
    private const int TurnsOfTry = 5;

    /// <summary>Of one item; who wants more asks again.</summary>
    public const int DaysMax = 31;

    private const string Purpose = "totals";

    public string Kind => InboxKinds.Totals;

    /// <summary>An item that asks for the days, both within.</summary>
    /// <param name="key">What makes it one item, however often it is put in.</param>
    public static NewInboxItem For(string tenant, string sourceId, LocalDate from, LocalDate to, string key, string correlationId) =>
        new(tenant, InboxKinds.Totals, sourceId, key, correlationId, Body(from, to));

    public async Task<InboxOutcome> DoAsync(InboxItem item, CancellationToken ct)
    {
        if (item.Body.IsEmpty || await accounts.FindAsync(item.Tenant, item.Source, ct) is not { } source)
        {
            return InboxOutcome.Quarantined("unknown_source: There is no such source, or the item does not open.");
        }

        var started = Stopwatch.GetTimestamp();
        var days = JsonSerializer.Deserialize<string[]>(item.Body.Span)!;
        var (day, last) = (Day(days[0]), Day(days[1]));
        var opened = await accounts.OpenAsync(source, Purpose, item.CorrelationId, ct);
        for (var asked = 0; asked < DaysMax && day <= last; asked++, day = day.PlusDays(1))
        {
            var totals = await opened.Collector.TotalsAsync(opened.Account, day, ct);
            var told = new VendorTotalsReported(item.Source, day, clock.GetCurrentInstant(), totals).ToEvent(item.Tenant, item.Id);
            await log.AppendAsync(new AppendRequest(item.Tenant, item.CorrelationId, [new AppendItem(told.Id, told)]), ct);
            if (day < last && !await holds.SaveAsync(item, Body(day.PlusDays(1), last), further: true, ct))
            {
                throw new HoldLostException();
            }

            if (day < last && Stopwatch.GetElapsedTime(started) >= options.WorkMax / TurnsOfTry)
            {
                return InboxOutcome.GoesOn;
            }
        }

        return InboxOutcome.Done();
    }

    private static byte[] Body(LocalDate from, LocalDate to) => JsonSerializer.SerializeToUtf8Bytes<string[]>([Text(from), Text(to)]);

    private static string Text(LocalDate day) => LocalDatePattern.Iso.Format(day);

    private static LocalDate Day(string text) => LocalDatePattern.Iso.Parse(text).Value;
}
