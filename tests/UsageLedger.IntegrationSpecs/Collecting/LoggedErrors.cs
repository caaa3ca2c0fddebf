using System.Collections.Concurrent;
using Serilog.Core;
using Serilog.Events;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>Keeps the errors that hosts log, so that a spec can ask that there are none.</summary>
internal sealed class LoggedErrors : ILogEventSink
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> Lines => lines;

    public void Emit(LogEvent logEvent) => lines.Enqueue($"{logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture)} {logEvent.Exception}");
}
