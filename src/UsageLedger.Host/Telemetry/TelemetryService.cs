using System.Globalization;

namespace UsageLedger.Host.Telemetry;

/// <summary>Exports for as long as the server runs, and reads the state that gauges tell twice a minute.</summary>
internal sealed partial class TelemetryService(
    StateReads reads, CoverageWatch coverage, Gauges gauges, IConfiguration configuration, ILogger<TelemetryService> log) : BackgroundService
{
    /// <summary>The standard's name: what is exported more often is read more often.</summary>
    private const string ExportInterval = "OTEL_METRIC_EXPORT_INTERVAL";
    private const int IntervalMaxMs = 30_000;
    private const int IntervalMinMs = 1_000;

    private static readonly TimeSpan ReadMax = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var export = OtlpExport.TryOpen(log);
        var asked = int.TryParse(configuration[ExportInterval], NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? ms : IntervalMaxMs;
        var interval = TimeSpan.FromMilliseconds(Math.Clamp(asked, IntervalMinMs, IntervalMaxMs));
        while (!stoppingToken.IsCancellationRequested)
        {
            gauges.Report = await ReadAsync(reads.HealthAsync, stoppingToken);
            gauges.State = await ReadAsync(reads.ReadAsync, stoppingToken);
            gauges.Coverage = await ReadAsync(coverage.LookAsync, stoppingToken);
            await Task.Delay(interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What cannot be read is not told: a gauge that is missing is an alarm too, and an old one would be a lie.</summary>
    private async Task<T?> ReadAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken ct)
        where T : class
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(ct);
        within.CancelAfter(ReadMax);
        try
        {
            return await read(within.Token);
        }
#pragma warning disable CA1031 // Watching the server must never be what stops it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!ct.IsCancellationRequested)
            {
                Unread(log, failure);
            }

            return null;
        }
    }

    [LoggerMessage(4101, LogLevel.Warning, "The state that metrics tell could not be read; the next round tries again")]
    private static partial void Unread(ILogger logger, Exception failure);
}
