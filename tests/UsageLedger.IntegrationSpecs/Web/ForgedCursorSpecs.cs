using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UsageLedger.IntegrationSpecs.Web;

/// <summary>A cursor's check is no secret. Whatever somebody forges, every paged route reads it as a place or refuses it, and none fails.</summary>
public sealed partial class ForgedCursorSpecs(ServedLedger ledger) : IClassFixture<ServedLedger>
{
    private const int ForgedCount = 60;
    private string? key;
    private string invoice = "";
    private string reconciliation = "";

    private static readonly string[] Nowhere =
    [
        "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"9223372036854775807\"", "\"-9223372036854775808\"", "\"99999999999999999999\"", "\"-1\"", "\"\"",
        "\"253402300799999999\"", "\"2534023007999999999\"", "\"-621355968000000000\"", "\"\U0001F4B0\"", "\"contoso\"", "\" \"", "null", "7", "{}", "[]", "true",
    ];

    [Fact]
    public async Task No_forged_cursor_makes_a_paged_route_fail()
    {
        await RecordAsync();
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        foreach (var path in await PagedAsync())
        {
            foreach (var named in Nowhere.Select(value => $"[{value}]").Concat(Enumerable.Range(0, ForgedCount).Select(_ => Names(random))).Select(Encoding.UTF8.GetBytes))
            {
                var answer = await GetAsync($"{path}cursor={Forged(named)}");
                answer.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.BadRequest], $"seed {seed}, {path} {Encoding.UTF8.GetString(named)}");
            }
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("null")]
    [InlineData("{\"a\":1}")]
    [InlineData("[null,null,null,null,null,null,null]")]
    [InlineData("[\"\\u0000\"]")]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("[\"9223372036854775807\",\"\",\"\",\"\",\"\",\"\",\"\"]")]
    [InlineData("[\"soon\",\"\",\"\",\"\",\"\",\"\",\"\"]")]
    [InlineData("[\"0\",\"\",\"\\u0000\",\"\",\"\",\"\",\"\"]")]
    public async Task What_is_no_place_is_a_bad_request_everywhere(string named)
    {
        await RecordAsync();
        foreach (var path in await PagedAsync())
        {
            var answer = await GetAsync($"{path}cursor={Forged(Encoding.UTF8.GetBytes(named))}");
            (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe("invalid_cursor", path);
        }
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    /// <summary>Every route that the OpenAPI document gives a cursor to, with its required parameters by their examples.</summary>
    private async Task<List<string>> PagedAsync()
    {
        var document = JsonNode.Parse(await ledger.Client.GetStringAsync("/openapi/v1.json"))!;
        var paged = new List<string>();
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            var parameters = methods!["get"]?["parameters"]?.AsArray().Select(parameter => parameter!.AsObject()).ToList() ?? [];
            if (parameters.Any(parameter => parameter["name"]!.GetValue<string>() == "cursor"))
            {
                var required = parameters
                    .Where(parameter => parameter["in"]!.GetValue<string>() == "query" && parameter["required"]?.GetValue<bool>() == true)
                    .Select(parameter => $"{parameter["name"]}={Uri.EscapeDataString($"{parameter["example"]}")}&");
                paged.Add(Parameter().Replace(path, Named) + "?" + string.Concat(required));
            }
        }

        paged.Count.ShouldBeGreaterThan(3);
        paged.Add(paged.Single(path => path.StartsWith("/v1/usage?", StringComparison.Ordinal)) + "window=month&timeZone=Pacific/Apia&");
        return paged;
    }

    private string Named(Match parameter) => parameter.Value switch
    {
        "{cycleId}" => "2026-10",
        "{invoiceId}" => invoice,
        "{reconciliationId}" => reconciliation,
        "{line}" => "1",
        _ => "contoso",
    };

    private static string Names(Random random) => random.Next(8) switch
    {
        0 => JsonSerializer.Serialize(new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(0x20, 0x7F))])),
        1 => $"[[{Nowhere[random.Next(Nowhere.Length)]}]]",
        _ => $"[{string.Join(',', Enumerable.Range(0, random.Next(2) == 0 ? 1 : random.Next(9)).Select(_ => Value(random)))}]",
    };

    private static string Value(Random random) => random.Next(3) switch
    {
        0 => $"\"{random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture)}\"",
        1 => $"\"{(char)random.Next(0xA0, 0xD800)}\"",
        _ => Nowhere[random.Next(Nowhere.Length)],
    };

    private static string Forged(byte[] named) => Base64Url.EncodeToString([.. SHA256.HashData(named).AsSpan(0, 4), .. named]);

    private async Task RecordAsync()
    {
        using var request = await RequestAsync(HttpMethod.Post, "/v1/usage");
        request.Content = new StringContent(
            """{"idempotencyKey":"k","provider":"p","metric":"m","quantity":"1","unit":"u","occurredAt":"2026-10-02T10:00:00Z","clientId":"contoso"}""",
            Encoding.UTF8, "application/json");
        (await ledger.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var lines = """[{"id":"1","metric":"m","quantity":"1","amount":"1"}]""";
        invoice = await MadeAsync("/v1/provider-invoices", "invoiceId", $$"""{"provider":"p","number":"1","periodStart":"2026-10-01","periodEnd":"2026-11-01","lines":{{lines}}}""");
        reconciliation = await MadeAsync("/v1/reconciliations", "id", $$"""{"invoiceId":"{{invoice}}"}""");
    }

    private async Task<string> MadeAsync(string path, string id, string body)
    {
        using var request = await RequestAsync(HttpMethod.Post, path);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await ledger.Client.SendAsync(request);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())![id]!;
    }

    private async Task<HttpResponseMessage> GetAsync(string path)
    {
        using var request = await RequestAsync(HttpMethod.Get, path);
        return await ledger.Client.SendAsync(request);
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path)
    {
        key ??= (await ledger.CallerAsync("acme", "ingest", "query", "audit", "collect", "admin")).Key;
        return new HttpRequestMessage(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
    }
}
