using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace UsageLedger.Host.Logging;

/// <summary>Writes log lines with secrets and personal data masked, and as plain text: whatever wrote them, they pass here.</summary>
internal sealed class RedactingSink(ITextFormatter formatter, TextWriter output) : ILogEventSink
{
    private readonly Lock gate = new();

    public void Emit(LogEvent logEvent)
    {
        using var line = new StringWriter();
        formatter.Format(logEvent, line);
        var safe = LogText.Plain(Redaction.Apply(line.ToString()));
        lock (gate)
        {
            output.Write(safe);
        }
    }
}
