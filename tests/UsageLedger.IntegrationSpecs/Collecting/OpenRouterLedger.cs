using NodaTime;
using Npgsql;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Coverage;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Truth;
using WorldPlan = UsageLedger.Simulators.World.WorldPlan;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>A whole server that collects from a simulated OpenRouter and knows no mappings at first.</summary>
internal sealed class OpenRouterLedger : IAsyncDisposable
{
    public const string Tenant = CoveredLedger.Tenant;
    public const string SourceId = "openrouter-main";
    public static readonly Instant From = CoveredLedger.From;

    private readonly CoveredLedger ledger;

    private OpenRouterLedger(CoveredLedger ledger) => this.ledger = ledger;

    public SimServer Vendor => ledger.Vendors;

    public NpgsqlDataSource Database => ledger.Database;

    public LedgerProgram Program => ledger.Program;

    public Caller Caller => ledger.Caller;

    public static async Task<OpenRouterLedger> StartAsync(long seed, int days, int generations, SimFaults faults)
    {
        var plan = new WorldPlan(seed, From, From + Duration.FromDays(days)) { Calls = 0, Messages = 0, TwilioCalls = 0, Generations = generations };
        var ledger = new OpenRouterLedger(await CoveredLedger.StartAsync(plan, faults));
        await ledger.ConfigureAsync();
        return ledger;
    }

    /// <summary>Half an hour into this day of the world, counted from 0.</summary>
    public void Wake(int day) => ledger.Wake(Duration.FromDays(day) + Duration.FromMinutes(30));

    /// <summary>OpenRouter broadcasts what is due, and all that follows from it is done.</summary>
    public async Task BroadcastAsync()
    {
        await Vendor.Simulation.Webhooks.DeliverAsync(CancellationToken.None);
        await SpecLog.UntilAsync(async () => (await RowsAsync("select count(*) from ledger.inbox_items where status <> 'done'")).Single() == "0", "the inbox is empty");
    }

    /// <param name="window">Further members of the body; none: from before the cursor.</param>
    public async Task CollectAsync(string window = "")
    {
        var asked = await Caller.PostAsync("/v1/collections", $$"""{"sourceId":"{{SourceId}}"{{window}}}""");
        asked.Status.ShouldBe(202, asked.Text);
        var run = "";
        await SpecLog.UntilAsync(async () =>
        {
            run = (await Caller.GetAsync(asked.Header("Location"))).Text;
            return run.Contains("\"endedAt\":\"", StringComparison.Ordinal);
        }, "the run has ended");
        run.ShouldContain("\"status\":\"completed\"");
        run.ShouldContain("\"rejected\":0");
    }

    /// <summary>What broadcasts name the keys by claims their usage.</summary>
    public async Task MapKeysAsync()
    {
        foreach (var mapping in TrueMappings.Of(Vendor.World).Where(mapping => mapping.Id.StartsWith("openrouter-name", StringComparison.Ordinal)))
        {
            await ledger.PutAsync($"/v1/mappings/{mapping.Id}", new { mapping.Provider, mapping.Key, mapping.ClientId, mapping.AgentId });
        }
    }

    public Task UntilSummedAsync() => SpecLog.UntilAsync(
        async () => (await RowsAsync("select p.position = h.position from ledger.projections p cross join ledger.log_head h where p.name = 'captured_usage'")).Single() == "True",
        "captured usage is summed up");

    public Task<List<string>> RowsAsync(string sql) => Database.RowsAsync(sql);

    public Task StopAsync() => ledger.StopAsync();

    public ValueTask DisposeAsync() => ledger.DisposeAsync();

    private async Task ConfigureAsync()
    {
        await ledger.PutAsync($"/v1/sources/{SourceId}", new { Provider = "openrouter", BaseUrl = new Uri(Vendor.Http.BaseAddress!, "/openrouter").AbsoluteUri });
        await ledger.PutAsync($"/v1/sources/{SourceId}/credentials", new
        {
            Values = new { managementKey = Vendor.Directory.OpenRouterManagementKey, webhookSecret = Vendor.Directory.OpenRouterWebhookSecret },
        });
        Vendor.Simulation.Webhooks.Targets = [new("openrouter", ledger.WebhooksOf(SourceId))];
    }
}
