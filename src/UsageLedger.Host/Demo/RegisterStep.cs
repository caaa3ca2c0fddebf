using System.Net;
using Spectre.Console;

namespace UsageLedger.Host.Demo;

/// <summary>Agrees each client's terms.</summary>
internal static class RegisterStep
{
    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading($"Tenant '{DemoRun.Tenant}' with a key for recording and one for the office; {DemoClient.All.Count} clients");
        var table = DemoRun.Columns("client", "time zone", "cycles", ">PUT answered");
        foreach (var client in DemoClient.All)
        {
            var terms = new { client.Name, client.TimeZone, client.Period, client.AnchorDay, graceDays = 0, currency = "USD" };
            var answer = await run.Office.PutAsync($"/v1/clients/{client.Id}", terms, ct);
            answer.Expect(HttpStatusCode.OK, HttpStatusCode.Created);
            run.Saw(answer);
            table.AddRow(client.Id, client.TimeZone, client.Cycles, $"{answer.Code} {answer.Status}");
        }

        run.Page.Table(table);
    }
}
