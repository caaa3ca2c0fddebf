using System.Net;
using Spectre.Console;
using UsageLedger.Simulators.Truth;
using UsageLedger.Simulators.Webhooks;

namespace UsageLedger.Host.Demo;

/// <summary>Configures what is collected and for whom, as an operator would.</summary>
internal static class SourcesStep
{
    private const string LookBack = "P4D";

    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading("Vendor accounts to collect from, and whose usage their words mean");
        var mappings = TrueMappings.Of(run.Vendors.World).ToList();
        foreach (var mapping in mappings)
        {
            await MapAsync(run, mapping, ct);
        }

        var table = DemoRun.Columns("source", "base URL", "credentials", "vendor says");
        foreach (var source in run.Vendors.Sources)
        {
            var at = new Uri(run.Vendors.Url, source.Provider);
            var configured = await run.Office.PutAsync($"/v1/sources/{source.Id}", new { source.Provider, baseUrl = at, lookBack = LookBack, settings = new { } }, ct);
            run.Saw(configured.Expect(HttpStatusCode.OK, HttpStatusCode.Created));
            var credentials = await run.Office.PutAsync($"/v1/sources/{source.Id}/credentials", new { values = source.Credentials, graceSeconds = 0 }, ct);
            run.Saw(credentials.Expect(HttpStatusCode.OK, HttpStatusCode.Created));
            var validation = (await run.Office.PostAsync($"/v1/sources/{source.Id}/validate", "{}"u8.ToArray(), ct)).Expect(HttpStatusCode.OK).Json;
            table.AddRow(
                source.Id, at.AbsoluteUri, "sealed", validation.GetProperty("valid").GetBoolean() ? "valid" : "invalid");
        }

        run.Page.Table(table);
        run.Vendors.Simulation.Webhooks.Targets = [.. run.Vendors.Sources.Select(source => Target(run, source))];
        run.Page.Line($"webhooks go to {new Uri(run.Server, $"/v1/webhooks/{DemoRun.Tenant}/...")}");
        run.Page.Line($"{mappings.Count} mappings: {Kinds(mappings)}");
    }

    private static string Kinds(IEnumerable<TruthMapping> mappings) =>
        string.Join(", ", mappings.CountBy(mapping => mapping.Key.Split(':')[0]).Select(kind => $"{kind.Value} by {kind.Key}"));

    /// <summary>For this month only: the next month of made-up usage has agents and numbers of its own.</summary>
    private static async Task MapAsync(DemoRun run, TruthMapping mapping, CancellationToken ct)
    {
        var body = new
        {
            mapping.Provider, mapping.Key, mapping.ClientId, mapping.AgentId,
            validFrom = mapping.ValidFrom ?? $"{run.Month.Start}", validTo = mapping.ValidTo ?? $"{run.Month.End}",
        };
        run.Saw((await run.Office.PutAsync($"/v1/mappings/{run.Month.Id}-{mapping.Id}", body, ct)).Expect(HttpStatusCode.OK, HttpStatusCode.Created));
    }

    private static WebhookTarget Target(DemoRun run, DemoSource source) =>
        new(source.Provider, new Uri(run.Server, $"/v1/webhooks/{DemoRun.Tenant}/{source.Id}"), source.Account);
}
