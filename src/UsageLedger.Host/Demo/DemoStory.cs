namespace UsageLedger.Host.Demo;

/// <summary>The newcomer's first minute, step by step.</summary>
internal static class DemoStory
{
    public static async Task TellAsync(DemoRun run, string connectionString, CancellationToken ct)
    {
        await RegisterStep.RunAsync(run, ct);
        await RecordStep.RunAsync(run, ct);
        await CorrectStep.RunAsync(run, ct);
        await RefuseStep.RunAsync(run, ct);
        await ReportStep.RunAsync(run, ct);
        await CloseStep.RunAsync(run, ct);
        var position = await ProofStep.RunAsync(run, ct);
        await TamperStep.RunAsync(run, connectionString, position, ct);
    }

    /// <summary>What to try while the server runs.</summary>
    public static void Invite(DemoPage page, Uri server, DemoKeys keys, DemoMonth month)
    {
        var at = server.GetLeftPart(UriPartial.Authority);
        var mine = $$"""
            {"idempotencyKey":"mine-1","clientId":"{{DemoClient.Berlin.Id}}","provider":"voice","metric":"call","quantity":"61","unit":"second","unitCost":"0.00125","occurredAt":"{{month.Id}}-20T12:00:00Z"}
            """;
        page.Heading($"Your turn: it listens on {at} until Ctrl-C");
        page.Line($"export COLLECTOR={keys.Collector.Secret}");
        page.Line($"export OFFICE={keys.Office.Secret}");
        page.Line($"curl -H \"Authorization: Bearer $OFFICE\" {at}/v1/clients/{DemoClient.Berlin.Id}/cycles/{month.Id}");
        page.Line($"curl -H \"Authorization: Bearer $OFFICE\" \"{at}/v1/ledger/events?type=cycle_closed\"");
        page.Line($"curl -H \"Authorization: Bearer $COLLECTOR\" -H \"Content-Type: application/json\" {at}/v1/usage -d '{mine}'");
    }
}
