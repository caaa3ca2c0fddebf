using UsageLedger.Anomalies;
using UsageLedger.Coverage;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.IntegrationSpecs.Collecting.FourthVendor;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>A tenant that has one of everything, each marked so that it is known wherever it turns up, and another who would like to see it.</summary>
public sealed class TwoTenants : IAsyncLifetime
{
    /// <summary>In every private text of the tenant; ids are without it, since an answer may repeat what it was asked for.</summary>
    public const string Mark = "zq7";

    /// <summary>Every amount of the tenant's.</summary>
    public const string Amount = "7771.7137";

    public const string Owner = CollectingLedger.Tenant;
    public const string Other = "other";
    public const string IdempotencyKey = "the-owners-key";
    private const string Client = "contoso";
    private const string Correlation = "order-of-the-owner";

    internal CollectingLedger Ledger { get; private set; } = null!;

    internal IReadOnlyList<ApiRoute> Routes { get; private set; } = null!;

    internal ThingIds Theirs { get; private set; } = null!;

    internal Caller TheOwner { get; private set; } = null!;

    internal Caller TheOther { get; private set; } = null!;

    public static string Usage(string key, string more) =>
        $$"""{"idempotencyKey":"{{key}}","source":"{{CollectingLedger.SourceId}}","provider":"fax-bureau-{{Mark}}","metric":"pages-{{Mark}}","quantity":"{{Amount}}","unit":"page","cost":"{{Amount}}","attributes":{"{{Mark}}":"{{Mark}}"}{{more}}}""";

    public async Task InitializeAsync()
    {
        Ledger = await CollectingLedger.OpenAsync();
        await Ledger.StartAsync();
        (TheOwner, TheOther) = (await Ledger.CallerAsync(), await Ledger.CallerAsync(Other));
        Routes = await ApiRoute.AllAsync(TheOwner.Client);
        Theirs = new ThingIds(await FillAsync());
    }

    public async Task DisposeAsync() => await Ledger.DisposeAsync();

    private async Task<bool> MeasuredAsync()
    {
        await Ledger.Get<RollUpDays>().RunAsync(Ledger.Clock.Now, default);
        return (await Ledger.RowsAsync("select id from ledger.mt_events where type = 'day_rolled_up'")).Count > 0;
    }

    private async Task<Dictionary<string, string>> FillAsync()
    {
        await TheOwner.PutAsync($"/v1/clients/{Client}", $$"""{"name":"{{Mark}}","timeZone":"UTC","period":"monthly","anchorDay":1,"graceDays":0,"currency":"USD"}""");
        await TheOwner.PutAsync("/v1/mappings/older", $$"""{"provider":"fax-bureau","key":"agent:old-{{Mark}}","clientId":"{{Client}}","agentId":"{{Mark}}","validFrom":"2026-09-01T00:00:00Z","validTo":null}""");
        await TheOwner.PutAsync("/v1/mappings/reception", $$"""{"provider":"fax-bureau","key":"agent:desk-{{Mark}}","clientId":"{{Client}}","agentId":"front","validFrom":"2026-09-01T00:00:00Z","validTo":null}""");
        var recorded = await Posted("/v1/usage", Usage("first", $$""","clientId":"{{Client}}","agentId":"front","occurredAt":"2026-09-15T10:00:00Z" """), ("X-Correlation-Id", Correlation), ("Idempotency-Key", IdempotencyKey));
        await Posted("/v1/usage", Usage("second", $$""","clientId":"{{Client}}","agentId":"front","resourceId":"{{Mark}}","occurredAt":"2026-10-02T10:00:00Z" """));
        await Posted("/v1/usage", Usage("third", ""","occurredAt":"2026-10-02T11:00:00Z" """));
        var run = await Posted("/v1/collections", $$"""{"sourceId":"{{CollectingLedger.SourceId}}","from":"2026-10-01T00:00:00Z","to":"2026-10-02T00:00:00Z"}""");
        await TheOwner.PostAsync($"/v1/webhooks/{Owner}/{CollectingLedger.SourceId}", $"burnt {Mark}", "text/plain", (FaxWebhooks.Header, CollectingLedger.Secret));
        await Ledger.UntilAsync("select count(*) from ledger.inbox_items where status = 'quarantined'", "1", "the delivery is put aside");
        var anomaly = AnomalyEvents.Opened(
            Owner, new AnomalyLine(Client, null, "fax-bureau", $"pages-{Mark}", "front", "page", "USD"), new Finding("spike", 1, 1m, 7771.7137m), Ledger.Clock.Now, recorded.Position);
        await Ledger.AppendAsync(Owner, anomaly);
        var invoice = await Posted("/v1/provider-invoices", $$"""{"provider":"fax-bureau-{{Mark}}","sourceId":"{{CollectingLedger.SourceId}}","number":"INV-9","periodStart":"2026-09-01","periodEnd":"2026-10-01","lines":[{"id":"{{Mark}}","metric":"pages-{{Mark}}","quantity":"{{Amount}}","amount":"{{Amount}}"}]}""");
        var report = await Posted("/v1/reconciliations", $$"""{"invoiceId":"{{invoice.Json["invoiceId"]}}"}""");
        await Ledger.UntilAsync("select count(*) from read.collections where status = 'completed'", "1", "the run is over");
        await Posted($"/v1/clients/{Client}/cycles/2026-09/close", $$"""{"force":true,"reason":"{{Mark}}"}""");
        await SpecLog.UntilAsync(MeasuredAsync, "the collected day is measured, as the host would some time");
        await Ledger.UntilAsync("select min(p.position) >= min(h.position) from ledger.projections p cross join ledger.log_head h", "True", "the read models hold all");
        return new Dictionary<string, string>
        {
            ["clientId"] = Client,
            ["cycleId"] = "2026-09",
            ["sourceId"] = CollectingLedger.SourceId,
            ["mappingId"] = "reception",
            ["agentId"] = "front",
            ["runId"] = (string)run.Json["runId"]!,
            ["inboxId"] = (await Ledger.RowsAsync("select id::text from ledger.inbox_items where status = 'quarantined'")).Single(),
            ["anomalyId"] = anomaly.Id.ToString(),
            ["invoiceId"] = (string)invoice.Json["invoiceId"]!,
            ["reconciliationId"] = (string)report.Json["id"]!,
            ["eventId"] = recorded.EventId().ToString(),
            ["position"] = $"{recorded.Position}",
            ["invoiceNumber"] = "INV-9",
            ["correlationId"] = Correlation,
            ["tenant"] = Owner,
        };
    }

    private async Task<Reply> Posted(string path, string body, params (string Name, string Value)[] headers)
    {
        var reply = await TheOwner.PostAsync(path, body, Caller.Json, headers);
        reply.Status.ShouldBeInRange(200, 299, $"{path}: {reply.Text}");
        return reply;
    }
}
