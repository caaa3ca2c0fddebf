using System.Text;
using System.Text.Json;
using NodaTime;
using UsageLedger.Collecting.Retell;
using UsageLedger.Collecting.Twilio;
using UsageLedger.Receiving;
using UsageLedger.Specs.Recording;

namespace UsageLedger.Specs.Collecting;

/// <summary>The vendors' own signature vectors are judged as the vendors judge them, and the ambiguous ones as ADR 11 decides.</summary>
public sealed class SignatureVectorSpecs
{
    private static readonly Dictionary<string, bool> Decided = new() { ["retell/upper-case-hex"] = false };

    [SharedDataFact("signature-vectors.json")]
    public void Every_vector_of_Retell_is_judged_right() => Judge("retell", input => new RetellWebhooks().IsSigned(
        Vendors.Delivery(Text(input, "raw_body")!, (RetellWebhooks.Header, Text(input, "x_retell_signature") ?? "")), Vendors.Source("retell"),
        [Vendors.Credential((RetellCollector.ApiKey, Text(input, "api_key")!))], Instant.FromUnixTimeMilliseconds(input.GetProperty("now_ms").GetInt64())));

    [SharedDataFact("signature-vectors.json")]
    public void Every_vector_of_Twilio_is_judged_right() => Judge("twilio", input => new TwilioWebhooks().IsSigned(
        new WebhookDelivery(
            Text(input, "url")!, new Dictionary<string, string> { [TwilioWebhooks.Header] = Text(input, "x_twilio_signature") ?? "" },
            Encoding.UTF8.GetBytes(Text(input, "raw_body") ?? Form(input.GetProperty("params")))),
        Vendors.Source("twilio"), [Vendors.Credential((TwilioCollector.AuthToken, Text(input, "auth_token")!))], Vendors.Now));

    private static void Judge(string provider, Func<JsonElement, bool> isSigned)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Find("signature-vectors.json")!));
        var vectors = file.RootElement.GetProperty("vectors").EnumerateArray().Where(vector => vector.GetProperty("provider").GetString() == provider).ToList();
        vectors.ShouldNotBeEmpty();
        foreach (var vector in vectors)
        {
            var (id, valid) = (vector.GetProperty("id").GetString()!, vector.GetProperty("expect").GetProperty("valid"));
            isSigned(vector.GetProperty("input")).ShouldBe(valid.ValueKind == JsonValueKind.Null ? Decided[id] : valid.GetBoolean(), id);
        }
    }

    private static string? Text(JsonElement input, string name) => input.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static string Form(JsonElement parameters) => string.Join('&', parameters.EnumerateObject().SelectMany(parameter =>
        (parameter.Value.ValueKind == JsonValueKind.Array ? parameter.Value.EnumerateArray().ToArray() : [parameter.Value])
        .Select(value => $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(value.GetString()!)}")));
}
