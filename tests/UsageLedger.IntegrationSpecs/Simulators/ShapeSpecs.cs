using System.Text.Json;
using UsageLedger.Simulators.OpenRouter;
using UsageLedger.Specs.Recording;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>Answers have the members, and the kinds of values, that the vendors' own examples have.</summary>
public sealed class ShapeSpecs
{
    private const string RetellData = "retell/retell-example-payloads.json";
    private const string TwilioData = "twilio/twilio-example-responses.json";
    private const string OpenRouterData = "openrouter/openrouter-example-responses.json";
    private const string BroadcastData = "openrouter/openrouter-broadcast-otlp.json";
    private const string Accounts = "/2010-04-01/Accounts/{AccountSid}";

    [SharedDataFact(RetellData)]
    public async Task Retells_calls_are_as_its_examples()
    {
        await using var server = await SimServer.StartAsync();
        var examples = Example(RetellData, "v3_list_calls_response").GetProperty("items");

        var calls = await server.RetellCallsAsync();

        calls.ShouldAllBe(call => call.GetProperty("call_type").GetString() == "phone_call" ? IsLike(call, examples[0]) : IsLike(call, examples[1]));
    }

    [SharedDataFact(TwilioData)]
    public async Task Twilios_records_are_as_its_examples()
    {
        await using var server = await SimServer.StartAsync();

        await SameAsync(server, "Messages.json", "messages", "Messages.json 200 readFullPage1");
        await SameAsync(server, "Calls.json", "calls", "Calls.json 200 readFullPage1");
        await SameAsync(server, "Usage/Records.json", "usage_records", "Usage/Records.json 200 readFull");
        await SameAsync(server, "Usage/Records/Daily.json?PageSize=200", "usage_records", "Usage/Records/Daily.json 200 readFull");
    }

    [SharedDataFact(OpenRouterData)]
    public async Task OpenRouters_answers_are_as_its_examples()
    {
        await using var server = await SimServer.StartAsync();

        foreach (var path in new[] { "activity", "credits", "key", "keys", "generation" })
        {
            var query = path == "generation" ? "?id=" + server.World.Generations[0].Id : string.Empty;
            var told = (await server.GetAsync($"/openrouter/api/v1/{path}{query}", server.OpenRouter)).GetProperty("data");
            var example = Example(OpenRouterData, $"GET /api/v1/{path} 200").GetProperty("data");
            var (one, like) = told.ValueKind == JsonValueKind.Array ? (told[0], example[0]) : (told, example);
            IsLike(one, like, except: NewerThanExamples).ShouldBeTrue($"{path}: {one}");
            like.EnumerateObject().Select(member => member.Name).Except(one.EnumerateObject().Select(member => member.Name)).ShouldBeEmpty(path);
        }
    }

    [SharedDataFact(BroadcastData)]
    public void OpenRouters_broadcasts_are_as_one_that_was_seen()
    {
        var world = UsageLedger.Simulators.World.SimWorld.Draw(SimServer.Plan());
        var seen = Spans(JsonDocument.Parse(File.ReadAllBytes(SharedData.Find(BroadcastData)!)).RootElement);

        foreach (var made in world.Generations)
        {
            var told = Spans(JsonDocument.Parse(Broadcast.Of(made, world.Plan.Seed)).RootElement);
            told.Select(span => string.Join(',', Members(span))).ShouldBe(seen.Select(span => string.Join(',', Members(span))));
            told.Select(span => span.TryGetProperty("parentSpanId", out var parent) ? parent.GetString() : null)
                .ShouldBe([null, told[0].GetProperty("spanId").GetString(), told[0].GetProperty("spanId").GetString()]);
        }
    }

    private static List<JsonElement> Spans(JsonElement broadcast) =>
        [.. broadcast.GetProperty("resourceSpans").EnumerateArray().SelectMany(resource => resource.GetProperty("scopeSpans").EnumerateArray()).SelectMany(scope => scope.GetProperty("spans").EnumerateArray())];

    /// <summary>Members that the vendor's SDK knows and its examples do not.</summary>
    private static readonly string[] NewerThanExamples =
        ["allowed_data_regions", "external_user", "free_model_daily_requests", "organization_id", "response_cache_source_id", "workspace_id"];

    private static async Task SameAsync(SimServer server, string list, string member, string name)
    {
        var example = Example(TwilioData, $"GET {Accounts}/{name}");
        var page = await server.GetAsync($"/twilio/2010-04-01/Accounts/{server.Directory.TwilioAccounts[0].Sid}/{list}", server.Twilio());
        Members(page).ShouldBe(Members(example), name);
        page.GetProperty(member).GetArrayLength().ShouldBeGreaterThan(0);
        foreach (var item in page.GetProperty(member).EnumerateArray())
        {
            Members(item).ShouldBe(Members(example.GetProperty(member)[0]), name);
            IsLike(item, example.GetProperty(member)[0]).ShouldBeTrue($"{name}: {item}");
        }
    }

    private static List<string> Members(JsonElement item) => [.. item.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];

    /// <summary>Every member is one of the example's, of the same kind unless one of them is null; objects that are free-form are not looked into.</summary>
    private static bool IsLike(JsonElement item, JsonElement example, params string[] except) => item.EnumerateObject().All(member =>
        except.Contains(member.Name)
        || (example.TryGetProperty(member.Name, out var like)
            && (IsNull(member.Value) || IsNull(like) || KindOf(member.Value) == KindOf(like))
            && (member.Value.ValueKind != JsonValueKind.Object || member.Name is "metadata" or "custom_sip_headers" || IsNull(like) || IsLike(member.Value, like))));

    private static bool IsNull(JsonElement value) => value.ValueKind == JsonValueKind.Null;

    private static JsonValueKind KindOf(JsonElement value) => value.ValueKind == JsonValueKind.False ? JsonValueKind.True : value.ValueKind;

    private static JsonElement Example(string file, string name) =>
        JsonDocument.Parse(File.ReadAllBytes(SharedData.Find(file)!)).RootElement.GetProperty(name);
}
