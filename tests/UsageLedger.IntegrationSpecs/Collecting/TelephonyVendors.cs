using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Serilog.Core;
using UsageLedger.Access;
using UsageLedger.Host;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;
using LedgerDatabase = UsageLedger.IntegrationSpecs.Cluster.LedgerDatabase;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>A whole server that collects one call from Retell and from Twilio, at the prices that a spec says.</summary>
internal sealed class TelephonyVendors : IAsyncDisposable
{
    public const string Sid = "CA00000000000000000000000000000001";

    private const string Voice = """{"product":"voice","cost":6}""";
    private const string Account = "AC00000000000000000000000000000001";
    private readonly LedgerDatabase database;
    private readonly WebApplication vendors;
    private readonly WebApplication host;
    private readonly HttpClient http;
    private Caller caller = null!;
    private int lists;
    private int calls;

    private TelephonyVendors(LedgerDatabase database)
    {
        this.database = database;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        vendors = builder.Build();
        vendors.Urls.Add("http://127.0.0.1:0");
        vendors.MapPost("/retell/v3/list-calls", async () =>
        {
            Interlocked.Increment(ref lists);
            await ListWaitsFor;
            return Results.Content($$"""{"items":[{{Call}}],"has_more":false}""", Caller.Json);
        });
        vendors.MapGet("/retell/v2/get-call/{id}", async () =>
        {
            Interlocked.Increment(ref calls);
            await CallWaitsFor;
            return Results.Content(Call, Caller.Json);
        });
        vendors.MapGet("/twilio/{**path}", (string path) => Results.Content(path.EndsWith("Calls.json", StringComparison.Ordinal)
            ? $$"""{"calls":[{{Leg}}],"next_page_uri":null}"""
            : """{"messages":[],"next_page_uri":null}""", Caller.Json));
        var dataDir = SpecFolders.Next();
        var settings = new LedgerSettings
        {
            DataDir = dataDir, MasterKeyFile = Path.Combine(dataDir, "master.key"), SigningKeyFile = Path.Combine(dataDir, "signing.key"),
            Urls = "http://127.0.0.1:0", AllowLoopbackSources = true,
        };
        host = LedgerApp.Build(settings, database.DataSource, Logger.None, services => services
            .AddSingleton<IClock>(new SpecClock()).AddSingleton(new InboxOptions { PollEvery = TimeSpan.FromMilliseconds(50) }));
        http = new HttpClient();
    }

    /// <summary>In cents; null: Retell names no such product.</summary>
    public string? RetellCents { get; set; } = "1.5";

    /// <summary>Null: Twilio has not told it yet.</summary>
    public string? TwilioPrice { get; set; } = "-0.0085";

    /// <summary>Before Retell lists its calls.</summary>
    public Task ListWaitsFor { get; set; } = Task.CompletedTask;

    /// <summary>Before Retell tells a single call.</summary>
    public Task CallWaitsFor { get; set; } = Task.CompletedTask;

    /// <summary>How often Retell was asked for its list.</summary>
    public int ListsAsked => lists;

    /// <summary>How often Retell was asked for a single call.</summary>
    public int CallsAsked => calls;

    private string Call => $$"""
        {"call_id":"call_1","call_status":"ended","agent_id":"agent_1","start_timestamp":1791201600000,"end_timestamp":1791201690000,
        "telephony_identifier":{"twilio_call_sid":"{{Sid}}"},"call_cost":{"total_duration_seconds":90,"product_costs":[{{Products}}]} }
        """;

    private string Products => RetellCents is null ? Voice : $$"""
        {{Voice}},{"product":"twilio_telephony","cost":{{RetellCents}} },{"product":"twilio_telephony","cost":2,"is_transfer_leg_cost":true}
        """;

    private string Leg => $$"""
        {"sid":"{{Sid}}","status":"completed","duration":"90","direction":"inbound","price":{{(TwilioPrice is null ? "null" : $"\"{TwilioPrice}\"")}},
        "price_unit":"USD","start_time":"Mon, 05 Oct 2026 12:00:00 +0000","end_time":"Mon, 05 Oct 2026 12:01:30 +0000"}
        """;

    public static async Task<TelephonyVendors> StartAsync(params (string Source, string BilledBy)[] policies)
    {
        var made = await StartRetellAsync(policies);
        await made.AddTwilioAsync(policies);
        return made;
    }

    /// <summary>Before anybody has configured a Twilio source.</summary>
    public static async Task<TelephonyVendors> StartRetellAsync(params (string Source, string BilledBy)[] policies)
    {
        var made = new TelephonyVendors(await LedgerCluster.CreateLedgerAsync());
        await made.vendors.StartAsync();
        await made.host.StartAsync();
        made.http.BaseAddress = new Uri(made.host.Urls.Single());
        var key = await CreateKeyHandler.Handle(new CreateKey("acme", ["admin"]), made.database.DataSource, SystemClock.Instance, default);
        made.caller = new Caller(made.http, "acme", key.Created!.Secret);
        await made.ConfigureAsync("retell", policies, new { apiKey = "key_1" });
        return made;
    }

    public Task AddTwilioAsync(params (string Source, string BilledBy)[] policies) =>
        ConfigureAsync("twilio", policies, new { accountSid = Account, authToken = "token" });

    /// <summary>Configures the Retell source again.</summary>
    public Task ChangeRetellAsync(string billedBy) => ConfigureAsync("retell", [("retell", billedBy)], new { apiKey = "key_1" });

    /// <summary>Configures the source of this provider's name again, whatever is answered.</summary>
    public async Task<Reply> ConfigureAsync(string provider, string? billedBy)
    {
        var settings = billedBy is null ? [] : new Dictionary<string, string> { ["telephonyBilledBy"] = billedBy };
        using var content = JsonContent.Create(new { provider, baseUrl = $"{vendors.Urls.Single()}/{provider}", settings });
        return await caller.SendAsync(HttpMethod.Put, $"/v1/sources/{provider}", content);
    }

    /// <summary>Returns when the run has ended, and all that follows from it.</summary>
    public async Task CollectAsync(string source)
    {
        await AskAsync(source);
        await EndedAsync();
    }

    /// <summary>Asks for a run.</summary>
    public async Task AskAsync(string source)
    {
        var asked = await caller.PostAsync("/v1/collections", $$"""{"sourceId":"{{source}}","from":"2026-10-05T00:00:00Z","to":"2026-10-06T00:00:00Z"}""");
        asked.Status.ShouldBe(202, asked.Text);
    }

    /// <summary>Returns when all work is done.</summary>
    public async Task EndedAsync()
    {
        await SpecLog.UntilAsync(async () => (await RowsAsync("select count(*)::text from ledger.inbox_items where status not in ('done', 'quarantined', 'dead')")).Single() == "0", "the run has ended");
        (await RowsAsync("select coalesce(reason, '') from ledger.inbox_items where status <> 'done'")).ShouldBeEmpty();
    }

    /// <summary>What counts of telephony: key, cost and, of what was voided, the reason.</summary>
    public Task<List<string>> TelephonyAsync() => RowsAsync("""
        select concat_ws(' ', coalesce(e.data -> 'current', e.data -> 'previous', e.data) ->> 'idempotencyKey', coalesce(e.data -> 'current', e.data -> 'previous', e.data) ->> 'cost', e.data ->> 'reason')
        from (select distinct on (coalesce(s.subject, e.id)) e.* from ledger.mt_events e left join ledger.log_subjects s on s.seq_id = e.seq_id
              where e.type like 'usage%' order by coalesce(s.subject, e.id), e.seq_id desc) e
        where coalesce(e.data -> 'current', e.data -> 'previous', e.data) ->> 'metric' ~ 'telephony|inbound' order by 1
        """);

    public Task<List<string>> RowsAsync(string sql) => database.DataSource.RowsAsync(sql);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await host.DisposeAsync();
        await vendors.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task ConfigureAsync(string provider, (string Source, string BilledBy)[] policies, object values)
    {
        (await ConfigureAsync(provider, policies.Where(policy => policy.Source == provider).Select(policy => policy.BilledBy).SingleOrDefault())).Status.ShouldBeInRange(200, 201);
        await caller.PutAsync($"/v1/sources/{provider}/credentials", JsonSerializer.Serialize(new { values }));
    }
}
