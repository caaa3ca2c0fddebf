using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using UsageLedger.EventLog.Telemetry;
using UsageLedger.Telemetry;

namespace UsageLedger.Host.Telemetry;

/// <summary>
/// Traces and metrics on their way to a collector by OTLP, for as long as this lives. Where to and how is told by OpenTelemetry's own
/// variables in the environment, which the exporter reads: endpoint, protocol, headers, interval, sampler, service name.
/// </summary>
internal sealed partial class OtlpExport : IDisposable
{
    private const string ServiceName = "usage-ledger";
    private const int FlushMaxMs = 3_000;

    private readonly MeterProvider metrics;
    private readonly TracerProvider traces;

    private OtlpExport()
    {
        metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter([LogTelemetry.Name, LedgerTelemetry.Name, Gauges.Name, VerifyMetrics.Name, .. MetricList.FrameworkMeters])
            .AddView(instrument => MetricList.All.Contains(instrument.Name) ? null : MetricStreamConfiguration.Drop)
            .AddOtlpExporter()
            .Build();
        traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(LogTelemetry.Name, LedgerTelemetry.Name, "Microsoft.AspNetCore")
            .AddProcessor(new SpanAttributes())
            .AddOtlpExporter()
            .Build();
    }

    /// <summary>Null, and a line in the log, where the environment's variables say what the exporter cannot read: nothing waits for being watched.</summary>
    public static OtlpExport? TryOpen(ILogger log)
    {
        try
        {
            return new OtlpExport();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Unopened(log, failure);
            return null;
        }
    }

    /// <summary>Sends what is gathered, both at once; a collector that is away or says nothing takes little of the time that a server has to stop.</summary>
    public void Dispose()
    {
        Task.WaitAll(Task.Run(() => metrics.Shutdown(FlushMaxMs)), Task.Run(() => traces.Shutdown(FlushMaxMs)));
        metrics.Dispose();
        traces.Dispose();
    }

    [LoggerMessage(4103, LogLevel.Error, "Nothing is exported by OTLP: the OTEL_ variables cannot be read")]
    private static partial void Unopened(ILogger logger, Exception failure);

    /// <summary>What the environment says wins.</summary>
    private static void Describe(ResourceBuilder resource) => resource
        .Clear()
        .AddService(ServiceName, serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
