using System.Net;
using Spectre.Console;

namespace UsageLedger.Host.Demo;

/// <summary>Agrees each client's terms.</summary>
internal static class ClientsStep
{
    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading($"{run.Clients.Count} clients of a platform that runs voice and chat agents");
        var table = DemoRun.Columns("client", "time zone", "cycles", ">PUT answered");
        foreach (var client in run.Clients)
        {
            var terms = new { client.Name, client.TimeZone, client.Period, client.AnchorDay, graceDays = 0, currency = "USD" };
            var answer = await run.Office.PutAsync($"/v1/clients/{client.Id}", terms, ct);
            run.Saw(answer.Expect(HttpStatusCode.OK, HttpStatusCode.Created));
            table.AddRow(client.Id, client.TimeZone, client.Cycles, $"{answer.Code} {answer.Status}");
        }

        run.Page.Table(table);
    }
}
