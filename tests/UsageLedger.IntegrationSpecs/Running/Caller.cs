using System.Net.Http.Headers;
using System.Text;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>Somebody with a key, or without one.</summary>
internal sealed record Caller(HttpClient Client, string Tenant, string? Key)
{
    public const string Json = "application/json";
    public const string Lines = "application/x-ndjson";
    public const string CloudEvent = "application/cloudevents+json";
    public const string CloudEventBatch = "application/cloudevents-batch+json";

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Reply> UsageAsync(string body, string mediaType = Json, params (string Name, string Value)[] headers) =>
        PostAsync("/v1/usage", body, mediaType, headers);

    public Task<Reply> VoidAsync(Guid usage, string body) => PostAsync($"/v1/usage/{usage}/void", body);

    public Task<Reply> PostAsync(string path, string body, string mediaType = Json, params (string Name, string Value)[] headers) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), mediaType, headers);

    public Task<Reply> PostAsync(string path, byte[] body, string mediaType = Json, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        return SendAsync(HttpMethod.Post, path, content, headers);
    }

    /// <summary>Puts JSON, which must be taken.</summary>
    public async Task PutAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, Json);
        var reply = await SendAsync(HttpMethod.Put, path, content);
        reply.Status.ShouldBeInRange(200, 204, $"{path}: {reply.Text}");
    }

    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = Key is null ? null : new AuthenticationHeaderValue("Bearer", Key);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Client.SendAsync(request);
        return await Reply.OfAsync(response);
    }
}
