using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using UsageLedger.Simulators;
using UsageLedger.Simulators.Truth;
using UsageLedger.Simulators.World;

namespace UsageLedger.Benchmarks;

/// <summary>A simulated Retell account in this process whose calls are all over and priced.</summary>
internal sealed class BenchVendor : IAsyncDisposable
{
    /// <summary>A call is one record of itself, one of its tokens, and three or more of what it used.</summary>
    private const int RecordsPerCall = 5;
    private const int PageCalls = 1_000;
    private const int PagesMax = 1_000;

    private readonly WebApplication app;
    private readonly HttpClient http;
    private readonly SimWorld world;

    private BenchVendor(WebApplication app)
    {
        this.app = app;
        world = app.Services.GetRequiredService<Simulation>().World;
        http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", world.Directory.RetellApiKey);
    }

    public Instant From => world.Plan.From;

    public Instant To => world.Plan.To;

    public static async Task<BenchVendor> StartAsync(int records, long seed, int clients)
    {
        var (from, to) = (Instant.FromUtc(2026, 10, 1, 0, 0), Instant.FromUtc(2026, 11, 1, 0, 0));
        var plan = new WorldPlan(seed, from, to) { Clients = clients, Calls = records / RecordsPerCall * 11 / 10, Messages = 0, TwilioCalls = 0, Generations = 0 };
        var app = SimulatorApp.Build(new SimOptions(plan, SystemClock.Instance) { Now = to + Duration.FromDays(4), DeliversByItself = false });
        await app.StartAsync();
        return new BenchVendor(app);
    }

    /// <summary>Tells a ledger of the account under this name, and whose its agents are.</summary>
    public async Task ConfigureAsync(BenchHost host, string source)
    {
        await PutAsync(host, $"/v1/sources/{source}", new { provider = "retell", baseUrl = new Uri(http.BaseAddress!, "retell"), settings = new { } });
        await PutAsync(host, $"/v1/sources/{source}/credentials", new { values = new { apiKey = world.Directory.RetellApiKey } });
        foreach (var mapping in TrueMappings.Of(world).Where(mapping => mapping.Provider == "retell"))
        {
            await PutAsync(host, $"/v1/mappings/{source}-{mapping.Id}", new { mapping.Provider, mapping.Key, mapping.ClientId, mapping.AgentId, validFrom = $"{From}" });
        }
    }

    /// <summary>How often a second all pages could be downloaded, one after another as their cursors lead.</summary>
    public async Task<double> DownloadAsync()
    {
        var started = Stopwatch.GetTimestamp();
        string? cursor = null;
        for (var page = 0; page < PagesMax; page++)
        {
            using var answer = await http.PostAsJsonAsync("/retell/v3/list-calls", new { sort_order = "ascending", limit = PageCalls, pagination_key = cursor });
            answer.EnsureSuccessStatusCode();
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            cursor = CursorOf(bytes);
            if (cursor is null)
            {
                break;
            }
        }

        return 1 / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    /// <summary>The cursor stands behind the calls: it is found without reading them.</summary>
    private static string? CursorOf(ReadOnlySpan<byte> page)
    {
        var name = "\"pagination_key\":\""u8;
        var at = page.LastIndexOf(name);
        return at < 0 ? null : System.Text.Encoding.UTF8.GetString(page[(at + name.Length)..][..page[(at + name.Length)..].IndexOf((byte)'"')]);
    }

    private static async Task PutAsync<T>(BenchHost host, string path, T body)
    {
        using var answer = await host.Http.PutAsJsonAsync(path, body, JsonSerializerOptions.Web);
        answer.EnsureSuccessStatusCode();
    }
}
