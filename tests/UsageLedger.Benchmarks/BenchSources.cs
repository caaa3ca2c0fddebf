using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Benchmarks;

/// <summary>
/// Four sources that feed twenty more clients: a month of ten metrics every hour, a run over each day but one, and what the vendors count.
/// </summary>
internal static class BenchSources
{
    public const int Clients = 20;
    private const int Hours = 24;
    private static readonly Instant Start = Instant.FromUtc(2026, 10, 1, 0, 0);
    private static readonly Instant End = Instant.FromUtc(2026, 11, 1, 0, 0);
    private static readonly (string Id, string Provider)[] Sources = [("voice", "retell"), ("phone", "twilio"), ("texts", "twilio"), ("models", "openrouter")];
    private static readonly string[] Metrics =
    [
        "call", "call.inbound", "call.outbound", "call.seconds", "llm.generation", "llm.tokens.input", "mms.inbound", "mms.outbound", "sms.inbound", "sms.outbound",
    ];

    public static string Client(int number) => string.Create(CultureInfo.InvariantCulture, $"covered-{number:000}");

    public static async Task AppendAsync(NpgsqlDataSource database)
    {
        await using var appender = new LogAppender(
            database, SystemClock.Instance, new LogSignal(), new AppendOptions { BulkTypes = EventTypes.Bulk }, NullLogger<LogAppender>.Instance);
        await AppendAsync(appender, Sources.Select(Configured));
        foreach (var (id, provider) in Sources)
        {
            for (var day = Start; day < End; day += Duration.FromDays(1))
            {
                await AppendAsync(appender, Day(id, provider, day));
            }
        }
    }

    private static async Task AppendAsync(LogAppender appender, IEnumerable<NewEvent> events) => await appender.AppendAsync(
        new AppendRequest(BenchRows.Tenant, "bench-sources", [.. events.Select(added => new AppendItem(added.Id, added))]), CancellationToken.None);

    private static NewEvent Configured((string Id, string Provider) source) => new(
        DeterministicId.Of(EventTypes.SourceConfigured, BenchRows.Tenant, source.Id), StreamNames.OfSource(source.Id), EventTypes.SourceConfigured,
        new SourceConfigured(new Source(
            BenchRows.Tenant, source.Id, source.Provider, new Uri("https://vendor.example/"), null, Duration.FromHours(1), new Dictionary<string, string>())).ToCanonical());

    private static IEnumerable<NewEvent> Day(string source, string provider, Instant day)
    {
        for (var hour = 0; hour < Hours; hour++)
        {
            for (var metric = 0; metric < Metrics.Length; metric++)
            {
                yield return Usage(source, provider, day + Duration.FromHours(hour), Metrics[metric], (hour + metric) % Clients);
            }
        }

        var date = day.InUtc().Date;
        yield return new VendorTotalsReported(source, date, day + Duration.FromDays(3), [.. Totals(provider, date, day)])
            .ToEvent(BenchRows.Tenant, DeterministicId.Of("totals", source, $"{date}"));
        if (date.Day != 13)
        {
            var place = new RunPlace(BenchRows.Tenant, source, DeterministicId.Of("run", source, $"{date}"), day);
            yield return RunEvents.Completed(place, RunState.Asked(null, null) with { From = day, To = day + Duration.FromDays(1) });
        }
    }

    private static IEnumerable<VendorTotal> Totals(string provider, LocalDate date, Instant day)
    {
        VendorTotal Of(string metric, long records) => new(date, date, metric, records, null, null, "USD") { Records = records, Metric = metric };
        return provider switch
        {
            "retell" => Enumerable.Range(0, Hours).Select(hour => Of("call", 1) with { At = day + Duration.FromHours(hour) }),
            "twilio" => [Of("call.inbound", Hours), Of("call.outbound", Hours), Of("mms.inbound", Hours), Of("mms.outbound+sms.outbound", 2 * Hours), Of("sms.inbound", Hours)],
            _ => [Of("llm.generation", Hours)],
        };
    }

    private static NewEvent Usage(string source, string provider, Instant at, string metric, int client)
    {
        var key = $"{metric}:{at}";
        var data = string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"agentId":"agent-{{{client}}}","clientId":"{{{Client(client)}}}","cost":"0.0125","currency":"USD","idempotencyKey":"{{{key}}}","metric":"{{{metric}}}","occurredAt":"{{{at}}}","provider":"{{{provider}}}","quantity":"5","source":"{{{source}}}","unit":"unit"}""");
        return new NewEvent(
            DeterministicId.Of("usage", BenchRows.Tenant, source, key), "client-" + Client(client), EventTypes.UsageRecorded, new CanonicalJson(Encoding.UTF8.GetBytes(data)));
    }
}
