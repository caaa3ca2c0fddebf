using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Clients;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>A server with a small log of two tenants, for the specs that only read: usage of three clients and two sources, revisions, a void, registrations.</summary>
public sealed class AuditedLog : IAsyncLifetime
{
    public const string Acme = "acme";
    public const string Globex = "globex";
    private const int PagesMax = 1_000;

    private static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    internal InProcessServer Server { get; private set; } = null!;

    public string AcmeKey { get; private set; } = "";

    public string GlobexKey { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Server = await InProcessServer.StartAsync();
        AcmeKey = await Server.KeyAsync(Acme, "audit", "ingest");
        GlobexKey = await Server.KeyAsync(Globex, "audit", "ingest");
        await RegisterAsync(Acme, "contoso");
        await Server.PostAsync("/v1/usage", AcmeKey, Usage("a", 300), "first-batch");
        await Server.PostAsync("/v1/usage", GlobexKey, Usage("g", 250));
        await RegisterAsync(Globex, "contoso");
        await RegisterAsync(Acme, "fabrikam");
        await Server.PostAsync("/v1/usage", AcmeKey, Usage("b", 200), "second-batch");
        await Server.PostAsync("/v1/usage", AcmeKey, Usage("a", 3, quantity: "7", revision: true), "corrections");
        var voided = await Server.PostAsync("/v1/usage", AcmeKey, Usage("v", 1));
        var id = voided.GetProperty("items")[0].GetProperty("eventId").GetString();
        var last = await Server.PostAsync($"/v1/usage/{id}/void", AcmeKey, """{"reason":"sent by mistake"}""", "corrections");
        await SignedUpToAsync(last.GetProperty("position").GetInt64());
    }

    /// <summary>A signed head may be a second old, so what was just appended is not under it at once.</summary>
    private async Task SignedUpToAsync(long position)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (long.Parse((await Server.TextAsync("/v1/ledger/checkpoint", AcmeKey)).Split('\n')[1], CultureInfo.InvariantCulture) < position)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
        }
    }

    /// <summary>Every event of a tenant, page after page.</summary>
    public async Task<List<JsonElement>> EventsAsync(string key, string query = "", int limit = 1000)
    {
        var events = new List<JsonElement>();
        var (pages, cursor) = (0, (string?)null);
        do
        {
            var page = await Server.JsonAsync($"/v1/ledger/events?limit={limit}&{query}{(cursor is null ? "" : "&cursor=" + cursor)}", key);
            page.GetProperty("events").GetArrayLength().ShouldBeLessThanOrEqualTo(limit);
            events.AddRange(page.GetProperty("events").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null && ++pages < PagesMax);
        cursor.ShouldBeNull($"more than {PagesMax} pages");
        return events;
    }

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();

    /// <summary>A batch over the clients contoso, fabrikam and nobody, and the sources retell and twilio.</summary>
    public static string Usage(string prefix, int count, string quantity = "61.5", bool revision = false) => JsonSerializer.Serialize(
        Enumerable.Range(0, count).Select(i => new
        {
            idempotencyKey = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}"),
            source = i % 2 == 0 ? "retell" : "twilio",
            provider = "retell",
            metric = "call.seconds \"ä\\😀\"",
            quantity,
            unit = "second",
            unitCost = "0.0012",
            clientId = (i % 3) switch { 0 => "contoso", 1 => "fabrikam", _ => null },
            occurredAt = "2026-10-01T10:00:00.25Z",
            revision,
        }),
        WithoutNulls);

    private async Task RegisterAsync(string tenant, string client)
    {
        var registered = new ClientRegistered(client, client, "Europe/Berlin", "monthly", 1, 3, "EUR", null);
        var id = DeterministicId.Of("spec", tenant, client);
        var added = new NewEvent(id, StreamNames.OfRegistration(client), EventTypes.ClientRegistered, registered.ToCanonical());
        await Server.Services.GetRequiredService<LogAppender>().AppendAsync(new AppendRequest(tenant, "registration", [new AppendItem(id, added)]), default);
    }
}
