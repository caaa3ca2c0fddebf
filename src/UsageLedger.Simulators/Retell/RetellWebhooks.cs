using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;
using UsageLedger.Simulators.Webhooks;

namespace UsageLedger.Simulators.Retell;

/// <summary>What Retell tells of a call: started (if it connected), ended, analysed; each tried again up to three times.</summary>
internal static class RetellWebhooks
{
    private const int RetriesMax = 3;

    public static IEnumerable<SimWebhook> Of(RetellCall call, Simulation simulation)
    {
        var key = simulation.World.Directory.RetellApiKey;
        int Changed() => simulation.Faults.ChangedPrices;
        SimWebhook Event(string name, Instant dueAt, Func<Instant, JsonElement> write) => new(
            "retell", null, $"{call.CallId}:{name}", call.CallId, dueAt, RetriesMax,
            (target, now) => Request(name, write(now), target.Secret ?? key, simulation.SignedAt));
        if (call.IsConnected)
        {
            yield return Event("call_started", call.StartedAt, _ => RetellWire.Started(call));
        }

        yield return Event("call_ended", call.EndedAt + Duration.FromSeconds(1), now => RetellWire.Ended(call, now, Changed()));
        yield return Event("call_analyzed", call.EndedAt + Duration.FromSeconds(20), now => RetellWire.Whole(call, now, Changed()));
    }

    /// <summary><c>v=milliseconds,d=hex</c>, over the body and the milliseconds with nothing between.</summary>
    public static string Sign(byte[] body, string key, Instant at)
    {
        var stamp = at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var digest = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), (byte[])[.. body, .. Encoding.ASCII.GetBytes(stamp)]);
        return $"v={stamp},d={Convert.ToHexStringLower(digest)}";
    }

    private static WebhookRequest Request(string name, JsonElement call, string key, Instant at)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["event"] = name, ["call"] = call }, RetellWire.Options);
        return new WebhookRequest("application/json", body, "x-retell-signature", Sign(body, key, at));
    }
}
