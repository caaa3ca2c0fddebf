using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using UsageLedger.Simulators;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Truth;
using UsageLedger.Simulators.World;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>A simulator on a port of its own, and a reader that tries again as any client must.</summary>
internal sealed class SimServer : IAsyncDisposable
{
    public const int TriesMax = 3;
    public static readonly Instant From = Instant.FromUtc(2026, 10, 1, 0, 0);
    public static readonly Instant To = Instant.FromUtc(2026, 10, 29, 0, 0);
    private readonly WebApplication app;

    private SimServer(WebApplication app)
    {
        this.app = app;
        Simulation = app.Services.GetRequiredService<Simulation>();
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(10) };
    }

    public Simulation Simulation { get; }

    public HttpClient Http { get; }

    public SimWorld World => Simulation.World;

    public SimDirectory Directory => World.Directory;

    public static WorldPlan Plan(long seed = 7) => new(seed, From, To);

    /// <summary>Its time is four days after the end, when everything is priced for good.</summary>
    public static Task<SimServer> StartAsync(SimFaults? faults = null, long seed = 7, Instant? now = null) =>
        StartAsync(new SimOptions(Plan(seed), SystemClock.Instance)
        {
            Faults = faults ?? SimFaults.None, Now = now ?? To + Duration.FromDays(4), DeliversByItself = false,
        });

    public static async Task<SimServer> StartAsync(SimOptions options)
    {
        var app = SimulatorApp.Build(options);
        await app.StartAsync();
        return new SimServer(app);
    }

    public IEnumerable<TruthItem> Truth(string provider, string kind) => TrueBill.Of(World).Where(item => item.Provider == provider && item.Kind == kind);

    public AuthenticationHeaderValue Retell => new("Bearer", Directory.RetellApiKey);

    public AuthenticationHeaderValue OpenRouter => new("Bearer", Directory.OpenRouterManagementKey);

    public AuthenticationHeaderValue Twilio(int account = 0) =>
        new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Directory.TwilioAccounts[account].Sid}:{Directory.TwilioAccounts[account].AuthToken}")));

    public Task<JsonElement> PostAsync(string path, AuthenticationHeaderValue key, object body) => ReadAsync(HttpMethod.Post, path, key, JsonSerializer.Serialize(body));

    public Task<JsonElement> GetAsync(string path, AuthenticationHeaderValue key) => ReadAsync(HttpMethod.Get, path, key, null);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, AuthenticationHeaderValue? key, string? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = key;
        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    /// <summary>The faults are bounded: more tries than this are never needed.</summary>
    private async Task<JsonElement> ReadAsync(HttpMethod method, string path, AuthenticationHeaderValue key, string? body)
    {
        var seen = "nothing";
        for (var tries = 0; tries < TriesMax; tries++)
        {
            try
            {
                using var answer = await SendAsync(method, path, key, body);
                seen = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
                if (answer.IsSuccessStatusCode)
                {
                    return JsonDocument.Parse(seen[4..]).RootElement;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or JsonException or TaskCanceledException)
            {
                seen = failure.Message;
            }
        }

        throw new InvalidOperationException($"{method} {path} failed {TriesMax} times, at last with {seen}");
    }
}
