using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Recording;
using UsageLedger.Replaying;

namespace UsageLedger.IntegrationSpecs.Replaying;

/// <summary>
/// A year of clients in zones whose clocks are set by hours, by half hours and over whole days, who change their terms, whose usage is revised,
/// voided, late and moved, and whose cycles are closed as they go: the log alone gives every line of every cycle that SQL has booked.
/// </summary>
public sealed class AuditedWorldSpecs
{
    private const int Steps = 60;
    private const int Records = 12;

    private static readonly string[] Clients = ["contoso", "fabrikam", "northwind", "tailspin"];
    private static readonly string[] Zones = ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns"];
    private static readonly string?[] Agents = [null, "ada", "\uE000", "\U0001F4B0"];
    private static readonly Instant Begin = Instant.FromUtc(2011, 3, 1, 0, 0);

    [Fact]
    public async Task Every_cycle_of_every_client_of_a_generated_world_audits_clean()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var books = await Books.OpenAsync("2011-03-01T00:00:00Z");
        var recorded = new List<UsageRecord>();
        for (var step = 0; step < Steps; step++)
        {
            books.Now += Duration.FromHours(random.Next(24, 240));
            await StepAsync(books, random, recorded, step);
        }

        var audited = 0;
        var closed = new List<(CycleAudit Audit, string Client)>();
        foreach (var client in Clients)
        {
            foreach (var cycle in (await books.CyclesAsync(client, limit: 100))!.Cycles)
            {
                var audit = await books.AuditAsync(cycle.Id, client);
                audit.Differences.ShouldBeEmpty($"seed {seed}, {client} {cycle.Id}");
                audit.ComparedWith.ShouldContain("table");
                audited++;
                if (audit.Closed is not null)
                {
                    closed.Add((audit, client));
                }
            }
        }

        audited.ShouldBeGreaterThan(Clients.Length * 5);
        closed.Count.ShouldBeGreaterThan(0, $"seed {seed}");
        foreach (var (audit, client) in closed)
        {
            var then = await books.AuditAsync(audit.Cycle.Id, client, asOf: audit.Closed!.Position);
            (then.Holds, then.LinesHash).ShouldBe((true, audit.LinesHash), $"seed {seed}");
        }
    }

    private static async Task StepAsync(Books books, Random random, List<UsageRecord> recorded, int step)
    {
        var client = Clients[random.Next(Clients.Length)];
        switch (random.Next(8))
        {
            case 0:
                var weekly = random.Next(3) == 0;
                await books.RegisterAsync(client, Zones[random.Next(Zones.Length)], weekly ? "weekly" : "monthly", random.Next(1, weekly ? 8 : 32), name: $"{client} {step}");
                break;
            case 1 or 2 when await books.CyclesAsync(client, limit: 100) is { Cycles: var cycles } && cycles.Count > 1:
                await books.CloseAsync(cycles[random.Next(1, cycles.Count)].Id, client, force: true);
                break;
            case 3 when recorded.Count > 0:
                await books.VoidAsync(recorded[random.Next(recorded.Count)]);
                break;
            case 4 when recorded.Count > 0:
                var revised = recorded[random.Next(recorded.Count)];
                await books.ReviseAsync(revised with
                {
                    Quantity = random.Next(100) / 8m,
                    Cost = random.Next(3) == 0 ? null : random.Next(1_000) / 1_000_000m,
                    OccurredAt = revised.OccurredAt + Duration.FromHours(random.Next(-48, 48)),
                    ClientId = random.Next(2) == 0 ? client : revised.ClientId,
                });
                break;
            case 5:
                await books.MapAsync($"agent {random.Next(4)}", client, agentId: Agents[random.Next(Agents.Length)]);
                break;
            default:
                var records = Enumerable.Range(0, Records).Select(number => Record(books, random, $"{step}:{number}", client)).ToArray();
                recorded.AddRange(records);
                await books.RecordAsync(records);
                break;
        }
    }

    private static UsageRecord Record(Books books, Random random, string key, string client)
    {
        var usage = Books.Usage(key, "2011-01-01T00:00:00Z", random.Next(1_000) / 16m, random.Next(4) == 0 ? null : random.Next(-100, 10_000) / 100_000m, client) with
        {
            AgentId = Agents[random.Next(Agents.Length)],
            Currency = random.Next(5) == 0 ? "EUR" : "USD",
            OccurredAt = Instant.Max(Begin, books.Now - Duration.FromHours(random.Next(0, random.Next(2) == 0 ? 24 : 24 * 70))),
        };
        return random.Next(4) == 0
            ? usage with { ClientId = null, AgentId = null, Attributes = [new NamedText(MappingKeys.Agent, $"agent {random.Next(4)}")] }
            : usage;
    }
}
