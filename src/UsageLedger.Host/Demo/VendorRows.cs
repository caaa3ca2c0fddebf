using System.Globalization;
using System.Net;

namespace UsageLedger.Host.Demo;

/// <summary>What the ledger says of one vendor's usage in the month.</summary>
/// <param name="Cost">In dollars.</param>
internal sealed record VendorRow(string Provider, decimal Cost, long Records);

/// <summary>Asks the ledger for a month's usage by vendor; what was posted by other programs is none of theirs.</summary>
internal static class VendorRows
{
    public static async Task<IReadOnlyList<VendorRow>> ReadAsync(DemoRun run, string? clientId, CancellationToken ct)
    {
        var of = clientId is null ? "" : $"&clientId={clientId}";
        var path = $"/v1/usage?from={run.Month.Start}&to={run.Month.End}&groupBy=provider&minPosition={run.Recorded}{of}";
        var answer = (await run.Office.GetAsync(path, ct)).Expect(HttpStatusCode.OK).Json;
        return [.. answer.GetProperty("rows").EnumerateArray()
            .Select(row => new VendorRow(
                row.GetProperty("provider").GetString()!, decimal.Parse(row.GetProperty("cost").GetString()!, CultureInfo.InvariantCulture),
                row.GetProperty("records").GetInt64()))
            .Where(row => run.Vendors.Sources.Any(source => source.Provider == row.Provider))];
    }
}
