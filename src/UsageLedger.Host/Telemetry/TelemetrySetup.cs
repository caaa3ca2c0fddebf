namespace UsageLedger.Host.Telemetry;

/// <summary>Telemetry of a server: nothing at all unless somewhere to send it is set.</summary>
internal static class TelemetrySetup
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, Uri? endpoint) => endpoint is null
        ? services
        : services.AddSingleton<StateReads>().AddSingleton<CoverageWatch>().AddSingleton<Gauges>().AddHostedService<TelemetryService>();
}
