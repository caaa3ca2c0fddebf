using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;
using Serilog.Formatting.Display;

namespace UsageLedger.Host.Logging;

/// <summary>Logs go to standard error, so that standard output holds answers only; every line passes the redaction.</summary>
internal static class LedgerLogging
{
    private const string Line = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj} {CorrelationId}{NewLine}{Exception}";

    public static Logger Create(string format, LogEventLevel level) => Create(format, level, Console.Error);

    internal static Logger Create(string format, LogEventLevel level, TextWriter output)
    {
        Serilog.Formatting.ITextFormatter formatter = format == "json"
            ? new JsonFormatter(renderMessage: true)
            : new MessageTemplateTextFormatter(Line, System.Globalization.CultureInfo.InvariantCulture);
        return new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
            .MinimumLevel.Override("Npgsql", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .WriteTo.Sink(new RedactingSink(formatter, output))
            .CreateLogger();
    }
}
