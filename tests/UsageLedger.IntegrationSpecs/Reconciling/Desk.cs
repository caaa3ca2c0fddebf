using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Web;

namespace UsageLedger.IntegrationSpecs.Reconciling;

/// <summary>Somebody of finance with a tenant of his own on a served ledger, so that specs that share the ledger share nothing else.</summary>
internal sealed record Desk(Caller Caller)
{
    private static int tenants;

    public static Task<Desk> OpenAsync(ServedLedger ledger, params string[] scopes) => OpenAsync(ledger, $"desk-{Interlocked.Increment(ref tenants)}", scopes);

    public static async Task<Desk> OpenAsync(ServedLedger ledger, string tenant, params string[] scopes)
    {
        var command = new CreateKey(tenant, scopes.Length > 0 ? scopes : ["admin"], "finance");
        var made = await CreateKeyHandler.Handle(command, ledger.App.Services.GetRequiredService<NpgsqlDataSource>(), SystemClock.Instance, default);
        return new Desk(new Caller(ledger.Client, tenant, made.Created!.Secret));
    }

    public async Task<Reply> RecordAsync(params string[] lines)
    {
        var reply = await Caller.UsageAsync(string.Join('\n', lines), Caller.Lines);
        reply.Status.ShouldBe(200, reply.Text);
        return reply;
    }

    /// <summary>A usage of October, as NDJSON.</summary>
    public static string Usage(string key, string at, string quantity, string? cost, string metric = "call.llm", string more = "") =>
        $$"""{"source":"retell-main","idempotencyKey":"{{key}}","provider":"retell","metric":"{{metric}}","quantity":"{{quantity}}","unit":"second","occurredAt":"2026-10-{{at}}Z","clientId":"contoso"{{(cost is null ? "" : $",\"cost\":\"{cost}\"")}}{{more}}}""";

    public static string Invoice(string lines, string number = "INV-1", string more = "") =>
        $$"""{"provider":"retell","sourceId":"retell-main","number":"{{number}}","periodStart":"2026-10-01","periodEnd":"2026-11-01","timeZone":"UTC","currency":"USD","lines":[{{lines}}]{{more}}}""";

    public Task<Reply> PostInvoiceAsync(string invoice) => Caller.PostAsync("/v1/provider-invoices", invoice);

    /// <summary>The report of a new reconciliation of an invoice.</summary>
    public async Task<Reply> ReconcileAsync(string invoice, string more = "")
    {
        var id = (string)(await PostInvoiceAsync(invoice)).Json["invoiceId"]!;
        return await ReconcileIdAsync(id, more);
    }

    public Task<Reply> ReconcileIdAsync(string invoiceId, string more = "") => Caller.PostAsync("/v1/reconciliations", $$"""{"invoiceId":"{{invoiceId}}"{{more}}}""");

    public Task<Reply> GetAsync(string path, string accept) => Caller.SendAsync(HttpMethod.Get, path, null, ("Accept", accept));
}
