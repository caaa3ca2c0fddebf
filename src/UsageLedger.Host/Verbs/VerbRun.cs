using System.CommandLine;
using NodaTime;
using NodaTime.Text;
using Npgsql;
using Serilog.Events;
using Serilog.Extensions.Logging;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Verifying;
using UsageLedger.Host.Embedded;
using UsageLedger.Host.Logging;

namespace UsageLedger.Host.Verbs;

/// <summary>What a verb works with.</summary>
internal sealed record VerbRun(LedgerSettings Settings, Serilog.ILogger Logger, ILoggerFactory Logs, ParseResult Arguments, bool Json)
{
    public static readonly Option<bool> JsonOption = new("--json") { Description = "Print one JSON document on standard output." };

    /// <summary>Gives a command its action; failures that a person can mend become one line on standard error.</summary>
    public static Command Bind(Command command, Func<VerbRun, CancellationToken, Task<int>> run)
    {
        command.Options.Add(JsonOption);
        command.SetAction((arguments, ct) => RunAsync(arguments, run, ct));
        return command;
    }

    /// <summary>The option's instant, or null when it is not given.</summary>
    /// <exception cref="SettingsException">It is none.</exception>
    public Instant? Instant(Option<string?> option) => Arguments.GetValue(option) is not { } text ? null
        : InstantPattern.ExtendedIso.Parse(text) is { Success: true, Value: var instant } ? instant
        : throw new SettingsException($"{option.Name} is '{text}'; give an instant such as 2026-10-01T00:00:00Z.");

    private static async Task<int> RunAsync(ParseResult arguments, Func<VerbRun, CancellationToken, Task<int>> run, CancellationToken ct)
    {
        try
        {
            FaultArming.ReadEnvironment();
            var settings = LedgerSettings.Read(Configuration());
            var level = run.Method.DeclaringType == typeof(ServeVerb) ? Enum.Parse<LogEventLevel>(settings.LogLevel, ignoreCase: true) : LogEventLevel.Warning;
            await using var logger = LedgerLogging.Create(settings.LogFormat, level);
            using var logs = new SerilogLoggerFactory(logger);
            return await run(new VerbRun(settings, logger, logs, arguments, arguments.GetValue(JsonOption)), ct);
        }
        catch (SettingsException misuse)
        {
            await Console.Error.WriteLineAsync(misuse.Message);
            return 2;
        }
        catch (Exception failure) when (failure
            is EmbeddedPostgresException or SchemaMismatchException or KeyFileException or LogForkException or LogMissingException or UnreadableEventException
            or TablesHeldException or ServersRunningException or LogBusyException or ForeignAppendException or TornTreeException or ClockAheadException or ReadModelsStillException or NpgsqlException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(Redaction.Apply(failure.Message));
            return 1;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped before it was done; what was committed stays.");
            return 1;
        }
#pragma warning disable CA1031 // A bug: the program ends here, but what it says of it must be redacted like everything else.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync(Redaction.Apply(bug.ToString()));
            return 1;
        }
    }

    private static IConfigurationRoot Configuration()
    {
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddJsonFile("appsettings.json", optional: true)
                .AddEnvironmentVariables()
                .Build();
        }
        catch (InvalidDataException)
        {
            throw new SettingsException("appsettings.json in the working directory is not JSON.");
        }
    }
}
