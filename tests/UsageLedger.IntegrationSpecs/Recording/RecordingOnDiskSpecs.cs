using System.Text;
using NodaTime;
using UsageLedger.EventLog.Appending;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Recording;

namespace UsageLedger.IntegrationSpecs.Recording;

/// <summary>Verdicts hold when what is known comes back from the database's own form of JSON, in another process.</summary>
public sealed class RecordingOnDiskSpecs
{
    private const string Call = """
        {"idempotencyKey":"call \"1\" \\ ä€😀 \u2028","provider":"retell","metric":"call.seconds","quantity":"61.500","unit":"second","unitCost":1e-06,
         "clientId":"contoso","occurredAt":"2026-10-01T10:00:00.1234567+02:00","attributes":{"z":"","a\"/":"<\\>","Z":"é","ü":"1e5"}}
        """;

    private static readonly Instant Now = Instant.FromUtc(2026, 10, 5, 12, 0);

    [Fact]
    public async Task What_was_recorded_is_recognised_and_comes_back_the_same()
    {
        await using var log = await SpecLog.OpenAsync();
        (await Record(log.Appender(), Call)).ShouldBe("Accepted 1");

        var restarted = log.Appender("restarted");

        (await Record(restarted, Call)).ShouldBe("Duplicate 1");
        (await Record(restarted, Call.Replace("61.500", "62", StringComparison.Ordinal))).ShouldBe("Conflict 1 key_reused");
        var kept = (await log.Reader.AtAsync("acme", 1, default))!;
        kept.Data.ShouldBe(UsageRecordJson.Write(Parsed(Call)[0].Record!));
        UsageRecordJson.Read(kept.Data).ShouldBe(Parsed(Call)[0].Record);
    }

    [Fact]
    public async Task Revisions_and_voids_build_on_the_state_in_force()
    {
        await using var log = await SpecLog.OpenAsync();
        var moved = Call.Replace("contoso", "fabrikam", StringComparison.Ordinal).Replace("\"provider\"", "\"revision\":true,\"provider\"", StringComparison.Ordinal);
        await Record(log.Appender(), Call);

        (await Record(log.Appender("second"), moved)).ShouldBe("Revised 3");
        (await Record(log.Appender("third"), moved)).ShouldBe("Duplicate 3");
        (await Void(log, "fourth", "acme")).ShouldBe("Accepted 4");
        (await Void(log, "fifth", "acme")).ShouldBe("Duplicate 4");
        (await Record(log.Appender("sixth"), moved.Replace("61.500", "62", StringComparison.Ordinal))).ShouldBe("Conflict 4 voided");
        (await log.RowsAsync("select type, stream_id, version from ledger.mt_events order by seq_id")).ShouldBe(
        [
            "usage_recorded client-contoso 1", "usage_revised client-contoso 2", "usage_revised client-fabrikam 1", "usage_voided client-fabrikam 2"
        ]);
    }

    [Fact]
    public async Task Another_tenant_s_usage_cannot_be_voided()
    {
        await using var log = await SpecLog.OpenAsync();
        await Record(log.Appender(), Call);

        (await Void(log, "other", "umbrella")).ShouldBe("missing");
        (await log.HeadAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_full_request_is_recorded_whole_and_again_as_duplicates()
    {
        await using var log = await SpecLog.OpenAsync();
        var body = "[" + string.Join(',', Enumerable.Range(0, UsageBody.RecordsMax).Select(n => Call.Replace("call \\\"1", $"{n}", StringComparison.Ordinal))) + "]";
        var command = new RecordUsage("acme", "c", Parsed(body));

        var first = await RecordUsageHandler.Handle(command, log.Appender(), default);
        var second = await RecordUsageHandler.Handle(command, log.Appender("again"), default);

        (first.Accepted, first.Position).ShouldBe((10_000, 10_000));
        (second.Duplicates, second.Position).ShouldBe((10_000, 10_000));
        (await log.HeadAsync()).ShouldBe(10_000);
    }

    private static IReadOnlyList<ParsedUsage> Parsed(string body)
    {
        var read = UsageBodyReader.ReadJson(Encoding.UTF8.GetBytes(body), Now);
        read.Refusal.ShouldBeNull();
        read.Items.ShouldAllBe(item => item.Record != null);
        return read.Items;
    }

    private static async Task<string> Record(LogAppender appender, string body) =>
        Told(await RecordUsageHandler.Handle(new RecordUsage("acme", "c", Parsed(body)), appender, default));

    private static async Task<string> Void(SpecLog log, string process, string tenant)
    {
        var command = new VoidUsage(tenant, "c", Parsed(Call)[0].Record!.Key("acme").Id, "billed twice");
        return await VoidUsageHandler.Handle(command, log.Appender(process), default) is { } answer ? Told(answer) : "missing";
    }

    private static string Told(RecordingAnswer answer) =>
        string.Join(", ", answer.Items.Select(item => $"{item.Status} {item.Position} {item.Code}".TrimEnd()));
}
