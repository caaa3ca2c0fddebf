using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.Simulators.World;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>What a ledger tells of a month by HTTP, when its read models have come to a position.</summary>
internal sealed class ToldUsage(MonthPlan plan, MonthLedger ledger, SimDirectory directory, long position)
{
    private const int DayLength = 10;

    /// <summary>By client, agent, metric and UTC day.</summary>
    public async Task<IReadOnlyList<UsageSum>> ByDayAsync()
    {
        var told = new List<UsageSum>();
        var (from, to) = (Text(plan.From - Duration.FromDays(1)), Text(plan.To + Duration.FromDays(1)));
        foreach (var client in directory.Clients)
        {
            var reply = await ledger.GetAsync($"/v1/usage?clientId={client.Id}&from={from}&to={to}&window=day&groupBy=provider,metric,agentId&minPosition={position}");
            reply.Json["nextCursor"].ShouldBeNull();
            told.AddRange(reply.Json["rows"]!.AsArray().Select(row => SumOf(row!, ((string)row!["windowStart"]!)[..DayLength], client.Id)));
        }

        return told;
    }

    /// <summary>The lines of the report of each of a client's cycles.</summary>
    public async Task<IReadOnlyList<CycleLines>> ByCycleAsync()
    {
        var told = new List<CycleLines>();
        foreach (var client in directory.Clients)
        {
            var cycles = await ledger.GetAsync($"/v1/clients/{client.Id}/cycles?minPosition={position}");
            cycles.Json["nextCursor"].ShouldBeNull();
            foreach (var id in cycles.Json["cycles"]!.AsArray().Select(cycle => (string)cycle!["id"]!))
            {
                var report = await ledger.GetAsync($"/v1/clients/{client.Id}/cycles/{id}?minPosition={position}");
                report.Json["adjustments"]!.AsArray().ShouldBeEmpty();
                told.Add(CyclesOf(client.Id, report));
            }
        }

        return told;
    }

    private static CycleLines CyclesOf(string client, Reply report)
    {
        var cycle = report.Json["cycle"]!;
        var id = (string)cycle["id"]!;
        return new CycleLines(
            client, id, At(cycle["start"]), At(cycle["end"]), [.. report.Json["lines"]!.AsArray().Select(line => SumOf(line!, id, client))]);
    }

    private static UsageSum SumOf(JsonNode row, string when, string client) => new(
        when, client, (string)row["provider"]!, (string?)row["agentId"], (string)row["metric"]!, (string)row["unit"]!,
        Number((string)row["quantity"]!), Number((string?)row["cost"] ?? "0"), (long)row["records"]!);

    private static Instant At(JsonNode? time) => InstantPattern.ExtendedIso.Parse((string)time!).Value;

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(Instant at) => InstantPattern.ExtendedIso.Format(at);
}

/// <summary>What the report of a cycle says.</summary>
internal sealed record CycleLines(string Client, string Id, Instant Start, Instant End, IReadOnlyList<UsageSum> Lines)
{
    public bool Holds(string client, Instant at) => client == Client && at >= Start && at < End;
}
