using NodaTime;
using Npgsql;
using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Reading;
using UsageLedger.Explaining;
using UsageLedger.Replaying;
using UsageLedger.Reporting;

namespace UsageLedger.Exporting;

/// <summary>Handles <see cref="ExportCycle"/>.</summary>
public static class ExportCycleHandler
{
    /// <summary>The document, not written yet; null when the client, or a cycle of that name, does not exist.</summary>
    /// <exception cref="UnreadableEventException">An event that says what time the cycle is of cannot be read.</exception>
    public static async Task<CycleExport?> Handle(ExportCycle query, LogReader reader, NpgsqlDataSource database, CancellationToken ct)
    {
        var position = query.AsOf ?? await ShownAsync(query.Tenant, database, ct);
        var log = new LogAt(reader, query.Tenant, query.ClientId, position);
        if (!await log.IsNamedAsync(database, ct))
        {
            return null;
        }

        var registration = await log.RegistrationAsync(query.Zones, ct);
        return registration.Calendar.Find(query.Cycle, query.Now) is { } cycle
            ? new CycleExport(query, cycle, registration.Calendar, new CycleShares(reader, database, query.Tenant, query.ClientId, registration, cycle, position))
            : null;
    }

    private static async Task<long> ShownAsync(string tenant, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var snapshot = await ReadSnapshot.OfLinesAsync(database, tenant, ct);
        return snapshot.Position;
    }
}

/// <summary>A document that is made while it is written: of the log up to one position, a page at a time.</summary>
public sealed class CycleExport
{
    private readonly ExportCycle query;
    private readonly Cycle cycle;
    private readonly ClientCalendar calendar;
    private readonly CycleShares shares;

    internal CycleExport(ExportCycle query, Cycle cycle, ClientCalendar calendar, CycleShares shares) =>
        (this.query, this.cycle, this.calendar, this.shares) = (query, cycle, calendar, shares);

    public string CycleId => cycle.Id.ToString();

    public long Position => shares.Position;

    public string MediaType => query.Format == ExportFormat.Ndjson ? "application/x-ndjson" : "text/csv; charset=utf-8; header=present";

    /// <summary>Writes every row, and returns what they come to, with the SHA-256 of all that was written.</summary>
    /// <exception cref="UnreadableEventException">An event of the cycle's cannot be read; what was written up to there is no document.</exception>
    public async Task<(ExportSummary Summary, byte[] Digest)> WriteAsync(Stream stream, CancellationToken ct)
    {
        using var output = new ExportOutput(stream);
        var form = Form(output);
        var (rows, totals) = (0L, new SortedDictionary<string, ExactTotal>(StringComparer.Ordinal));
        form.Begin();
        await foreach (var page in shares.AfterAsync(await shares.BeginAsync(ct), _ => true, ct))
        {
            foreach (var share in page.Shares.Where(share => share.Sums.IsShown))
            {
                form.Row(share);
                rows++;
                totals[share.Key.Currency] = totals.GetValueOrDefault(share.Key.Currency) + share.Sums.Cost;
                await output.RelieveAsync(ct);
            }
        }

        var summary = new ExportSummary(
            rows, [.. totals.Select(total => new CycleTotal(total.Key, total.Value.ToString()))], Position, Convert.ToHexStringLower(await output.HashAsync(ct)));
        form.End(summary);
        return (summary, await output.HashAsync(ct));
    }

    private IExportForm Form(ExportOutput output) => query.Format switch
    {
        ExportFormat.Csv => new CsvForm(output, Name),
        ExportFormat.Ndjson => new NdjsonForm(output, Name),
        ExportFormat.Focus => new FocusForm(output, query, cycle, Name),
        _ => throw new InvalidOperationException($"{query.Format} is no format."),
    };

    private string Name(Instant start) => calendar.CycleAt(start).Id.ToString();
}
