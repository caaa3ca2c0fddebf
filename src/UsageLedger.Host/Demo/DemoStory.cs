namespace UsageLedger.Host.Demo;

/// <summary>The newcomer's first minute, step by step.</summary>
internal static class DemoStory
{
    public static async Task TellAsync(DemoRun run, string connectionString, CancellationToken ct)
    {
        await ClientsStep.RunAsync(run, ct);
        await SourcesStep.RunAsync(run, ct);
        await CollectStep.RunAsync(run, ct);
        await RunsStep.RunAsync(run, ct);
        await CoverageStep.RunAsync(run, ct);
        await BillStep.RunAsync(run, ct);
        await ReportStep.RunAsync(run, ct);
        await ReconcileStep.RunAsync(run, ct);
        await CloseStep.RunAsync(run, ct);
        await AuditStep.RunAsync(run, ct);
        await AnomalyStep.RunAsync(run, ct);
        var position = await ProofStep.RunAsync(run, ct);
        await TamperStep.RunAsync(run, connectionString, position, ct);
    }

    /// <summary>What to try while the server runs.</summary>
    public static void Invite(DemoRun run, DemoKeys keys)
    {
        var at = run.Server.GetLeftPart(UriPartial.Authority);
        var mine = $$"""
            {"idempotencyKey":"mine-1","clientId":"{{run.First.Id}}","provider":"voice","metric":"call","quantity":"61","unit":"second","unitCost":"0.00125","occurredAt":"{{run.Month.Id}}-20T12:00:00Z"}
            """;
        run.Page.Heading($"Your turn: it listens on {at} until Ctrl-C");
        run.Page.Line($"The vendors listen on {run.Vendors.Url}sim");
        run.Page.Line($"export REPORTER={keys.Reporter.Secret}");
        run.Page.Line($"export OFFICE={keys.Office.Secret}");
        run.Page.Line($"curl -H \"Authorization: Bearer $OFFICE\" {at}/v1/clients/{run.First.Id}/cycles/{run.Month.Id}");
        run.Page.Line($"curl -H \"Authorization: Bearer $OFFICE\" {at}/v1/collections");
        run.Page.Line($"curl -H \"Authorization: Bearer $OFFICE\" \"{at}/v1/ledger/events?type=cycle_closed\"");
        run.Page.Line($"curl -H \"Authorization: Bearer $REPORTER\" -H \"Content-Type: application/json\" {at}/v1/usage -d '{mine}'");
    }
}
