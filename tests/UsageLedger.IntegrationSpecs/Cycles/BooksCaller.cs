using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using UsageLedger.Access;

namespace UsageLedger.IntegrationSpecs.Cycles;

/// <summary>Asks a server over books as any tenant, with a key of any scope; each key is made when it is first used.</summary>
internal sealed class BooksCaller(Books books, string address) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = new Uri(address) };
    private readonly Dictionary<string, string> keys = [];

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, string scope, string tenant)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await KeyAsync(tenant, scope));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await http.SendAsync(request);
    }

    /// <summary>The answer's body, when the answer has the status.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, body);
        return JsonElement.Parse(body);
    }

    public void Dispose() => http.Dispose();

    private async Task<string> KeyAsync(string tenant, string scope)
    {
        if (!keys.TryGetValue(tenant + scope, out var key))
        {
            var made = await CreateKeyHandler.Handle(new CreateKey(tenant, [scope]), books.Log.Database, books.Log.Clock, default);
            keys[tenant + scope] = key = made.Created!.Secret;
        }

        return key;
    }
}
