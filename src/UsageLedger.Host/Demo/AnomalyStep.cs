using System.Net;
using NodaTime;
using UsageLedger.Anomalies;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Host.Demo;

/// <summary>Weeks of even usage of one more client, and one hour of ten times as many calls: it is noticed, in one sentence.</summary>
internal static class AnomalyStep
{
    private const string ClientId = "lighthouse";
    private const int Weeks = 8;
    private const int HourlyCalls = 6;
    private const int SpikeCalls = 60;
    private const int BatchRecords = 5_000;
    private const int TurnsMax = 20;
    private static readonly Duration SpikeAgo = Duration.FromHours(4);

    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading($"{Weeks} even weeks of {ClientId}, then an hour with ten times the calls");
        var hour = Hour(LedgerServices.Clock.GetCurrentInstant());
        foreach (var batch in Calls(hour).Chunk(BatchRecords))
        {
            run.Saw((await run.Reporter.PostAsync("/v1/usage?items=problems", DemoRecord.Body(batch), ct)).Expect(HttpStatusCode.OK));
        }

        await JudgeAsync(run, ct);
        var found = (await run.Office.GetAsync($"/v1/anomalies?clientId={ClientId}&minPosition={run.Recorded}", ct)).Expect(HttpStatusCode.OK).Json;
        var spikes = found.GetProperty("items").EnumerateArray().Where(one => one.GetProperty("kind").GetString() == "spike").ToList();
        foreach (var spike in spikes)
        {
            run.Page.Sentence($"{spike.GetProperty("status").GetString()}: {spike.GetProperty("sentence").GetString()}");
        }

        run.Check(spikes.Count > 0, "the hour is an anomaly, opened by an event of the log");
    }

    /// <summary>What the server does once an hour, a turn at a time.</summary>
    private static async Task JudgeAsync(DemoRun run, CancellationToken ct)
    {
        var services = run.Services;
        var done = false;
        for (var turn = 0; turn < TurnsMax && !done; turn++)
        {
            done = (await EvaluateHoursHandler.Handle(
                new EvaluateHours(DemoRun.Tenant), services.GetRequiredService<LogAppender>(), services.GetRequiredService<LogReader>(),
                services.GetRequiredService<ReadModels>(), run.Database, LedgerServices.Clock, ct)).IsDone;
        }

        run.Recorded = await services.GetRequiredService<LogReader>().HeadAsync(ct);
    }

    private static IEnumerable<DemoRecord> Calls(Instant now)
    {
        var spike = now - SpikeAgo;
        for (var hour = now - Duration.FromDays(7 * Weeks); hour < now; hour += Duration.FromHours(1))
        {
            for (var call = 0; call < (hour == spike ? SpikeCalls : HourlyCalls); call++)
            {
                yield return new DemoRecord(
                    $"lighthouse:{hour}:{call}", ClientId, "voice", "call", 60 + ((hour.ToUnixTimeSeconds() / 3600 * 7) + (call * 13)) % 30, "second", 0.00125m,
                    hour + Duration.FromSeconds(call * 55));
            }
        }
    }

    private static Instant Hour(Instant now) => Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 3600 * 3600);
}
