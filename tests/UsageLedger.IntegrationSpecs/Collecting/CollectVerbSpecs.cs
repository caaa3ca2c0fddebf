using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Appending;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Collecting;

public sealed class CollectVerbSpecs
{
    private const string Page = """
        {"items":[{"call_id":"call-1","call_type":"web_call","agent_id":"agent-1","call_status":"ended",
          "start_timestamp":1760000000000,"end_timestamp":1760000060000,"duration_ms":60000,
          "call_cost":{"product_costs":[{"product":"elevenlabs_tts","cost":7,"unit_price":0.116}],"total_duration_seconds":60,
          "total_duration_unit_price":0.116,"combined_cost":7}}],"has_more":false}
        """;

    [Fact]
    public async Task A_run_by_hand_goes_to_its_end_and_the_same_again_finds_nothing_new()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var vendor = await VendorAsync();
        var program = new LedgerProgram(log.ConnectionString);
        await File.WriteAllTextAsync(program.In("appsettings.json"), """{"Ledger":{"AllowLoopbackSources":"true"}}""");
        await ConfigureAsync(log, program, new Uri(vendor.Urls.Single()));
        string[] collect = ["collect", "--tenant", "acme", "--source", "retell-main", "--from", "2025-10-01T00:00:00Z", "--to", "2025-11-01T00:00:00Z", "--json"];

        var first = (await program.RunAsync(collect)).ShouldExit(0).Json;
        var second = (await program.RunAsync(collect)).ShouldExit(0).Json;

        ((string)first["status"]!, (int)first["accepted"]!, (int)first["duplicates"]!).ShouldBe(("completed", 2, 0));
        ((string)second["status"]!, (int)second["accepted"]!, (int)second["duplicates"]!).ShouldBe(("completed", 0, 2));
        (await log.AskAsync<string>("select string_agg(type, ' ' order by seq_id) from ledger.mt_events where type like 'collection%'"))
            .ShouldBe("collection_started collection_completed collection_started collection_completed");
        (await log.AskAsync<long>("select count(*) from read.collections where status = 'completed'")).ShouldBe(2);
    }

    [Theory]
    [InlineData(1, "--source", "nobody")]
    [InlineData(2, "--source", "retell-main", "--from", "yesterday")]
    [InlineData(2, "--source", "retell-main", "--from", "2026-10-02T00:00:00Z", "--to", "2026-10-01T00:00:00Z")]
    public async Task What_cannot_be_collected_is_told_by_the_exit_code(int code, params string[] arguments)
    {
        await using var log = await SpecLog.OpenAsync();

        (await new LedgerProgram(log.ConnectionString).RunAsync(["collect", "--tenant", "acme", .. arguments])).ShouldExit(code);
    }

    private static async Task<WebApplication> VendorAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapFallback(() => Results.Content(Page, "application/json"));
        await app.StartAsync();
        return app;
    }

    private static async Task ConfigureAsync(SpecLog log, LedgerProgram program, Uri vendor)
    {
        var source = new Source("acme", "retell-main", "retell", vendor, null, Duration.FromDays(1), new Dictionary<string, string>());
        var credential = SealedCredential.Seal(
            Guid.NewGuid(), source.Tenant, source.Id, new Dictionary<string, string> { ["apiKey"] = "key_1" }, new MasterKeys(program.In("master.key")).Current());
        await CredentialRows.AddAsync(log.Database, credential, 0, log.Clock.Now, default);
        var appender = log.Appender();
        foreach (var told in (NewEvent[])[
            new(Guid.NewGuid(), StreamNames.OfSource(source.Id), EventTypes.SourceConfigured, new SourceConfigured(source).ToCanonical()),
            CredentialEvents.Set(credential, 0)])
        {
            await appender.AppendAsync(new AppendRequest(source.Tenant, "spec", [new AppendItem(told.Id, told)]), default);
        }
    }
}
