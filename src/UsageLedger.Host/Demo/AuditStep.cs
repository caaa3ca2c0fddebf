using System.Net;

namespace UsageLedger.Host.Demo;

/// <summary>The closed cycle made anew from the log alone, and held against all that tells of it.</summary>
internal static class AuditStep
{
    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading($"Audit the closed cycle {run.Month.Id} of {run.First.Id}: from the log alone");
        var path = $"/v1/clients/{run.First.Id}/cycles/{run.Month.Id}/audit?minPosition={run.Recorded}";
        var audit = (await run.Office.GetAsync(path, ct)).Expect(HttpStatusCode.OK);
        var counts = audit.Json.GetProperty("counts");
        run.Page.Line($"{audit.Json.GetProperty("eventsRead").GetInt64():N0} events replayed, {counts.GetProperty("records").GetInt64():N0} records, tree {audit.Json.GetProperty("rootHash").GetString()![..16]}...");
        foreach (var total in audit.Json.GetProperty("totals").EnumerateArray())
        {
            run.Page.Line($"it comes to {total.GetProperty("cost").GetString()} {total.GetProperty("currency").GetString()}");
        }

        var compared = string.Join(", ", audit.Json.GetProperty("comparedWith").EnumerateArray().Select(one => one.GetString()));
        run.Check(audit.Json.GetProperty("holds").GetBoolean(), $"it is what these say: {compared}");
        var again = (await run.Office.GetAsync($"{path}&asOf={audit.Json.GetProperty("asOf").GetInt64()}", ct)).Expect(HttpStatusCode.OK);
        run.Check(again.Text == audit.Text, "audited again it is the same, byte for byte");
    }
}
