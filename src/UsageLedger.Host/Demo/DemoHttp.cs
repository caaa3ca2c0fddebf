using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using UsageLedger.Answering;

namespace UsageLedger.Host.Demo;

/// <summary>Speaks to the server as any other program would: over HTTP, with a key.</summary>
internal sealed class DemoHttp(Uri server, string key) : IDisposable
{
    private const int AttemptsMax = 10;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly HttpClient http = new()
    {
        BaseAddress = server,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        Timeout = TimeSpan.FromSeconds(60),
    };

    public Task<DemoAnswer> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, null, ct);

    public Task<DemoAnswer> PostAsync(string path, byte[] json, CancellationToken ct) => SendAsync(HttpMethod.Post, path, json, ct);

    public Task<DemoAnswer> PutAsync<T>(string path, T body, CancellationToken ct) =>
        SendAsync(HttpMethod.Put, path, JsonSerializer.SerializeToUtf8Bytes(body, LedgerJson.Options), ct);

    public void Dispose() => http.Dispose();

    /// <summary>What is not ready yet (503) is asked again; every command here may be repeated.</summary>
    private async Task<DemoAnswer> SendAsync(HttpMethod method, string path, byte[]? json, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path);
            if (json is not null)
            {
                request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            }

            using var response = await http.SendAsync(request, ct);
            var answer = new DemoAnswer($"{method} {path}", response.StatusCode, await response.Content.ReadAsStringAsync(ct));
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == AttemptsMax)
            {
                return answer;
            }

            await Task.Delay(BetweenAttempts, ct);
        }
    }
}
