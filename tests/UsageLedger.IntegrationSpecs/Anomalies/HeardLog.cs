using System.Collections.Concurrent;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace UsageLedger.IntegrationSpecs.Anomalies;

/// <summary>What a host says of itself.</summary>
internal sealed class HeardLog : ILogEventSink
{
    private readonly ConcurrentQueue<string> said = [];

    public ILogger Open() => new LoggerConfiguration().WriteTo.Sink(this).CreateLogger();

    public bool Holds(string words) => said.Any(one => one.Contains(words, StringComparison.Ordinal));

    public void Emit(LogEvent logEvent) => said.Enqueue(logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
}
