using System.Globalization;
using NodaTime;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>Clients of several zones whose usage is recorded, revised, moved and voided, and whose cycles change and close, all by one seed.</summary>
internal sealed class CycleWorld
{
    public static readonly string?[] Clients = ["contoso", "fabrikam", "tailspin", "unregistered", null];

    private const int ClosedEarlyOneIn = 6;
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"];

    private readonly CycleLog log;
    private readonly Random random;
    private readonly List<SpecUsage> alive = [];
    private int keys;

    public CycleWorld(CycleLog log, Random random)
    {
        (this.log, this.random) = (log, random);
        log.Now = Instant.FromUtc(2025, 1, 20, 7, 0);
    }

    public async Task StepAsync()
    {
        log.Now += Duration.FromTicks(random.NextInt64(Duration.FromDays(6).BclCompatibleTicks));
        switch (random.Next(10))
        {
            case < 4:
                await log.AppendAsync(await NewAsync(random.Next(1, 15)));
                break;
            case < 6 when alive.Count > 0:
                await ReviseAsync();
                break;
            case < 7 when alive.Count > 0:
                await log.AppendAsync(TakeAlive().Voided());
                break;
            case < 8:
                await RegisterAsync(Pick(Clients[..3])!);
                break;
            default:
                await CloseAsync(Pick(Clients[..4])!);
                break;
        }
    }

    private async Task<List<AppendItem>> NewAsync(int count)
    {
        var items = new List<AppendItem>();
        for (var i = 0; i < count; i++)
        {
            var usage = await VaryAsync(new SpecUsage((++keys).ToString(CultureInfo.InvariantCulture), log.Now));
            alive.Add(usage);
            items.Add(usage.Recorded());
        }

        return items;
    }

    /// <summary>Any of its members, often its client: then it moves.</summary>
    private async Task ReviseAsync()
    {
        var previous = TakeAlive();
        var current = random.Next(3) == 0 ? previous with { Quantity = previous.Quantity + 1, Cost = 5.55m } : await VaryAsync(previous);
        alive.Add(current);
        await log.AppendAsync(previous.RevisedTo(current));
    }

    private async Task RegisterAsync(string client)
    {
        var weekly = random.Next(2) == 0;
        await log.RegisterAsync(client, Pick(Zones), weekly ? "weekly" : "monthly", weekly ? random.Next(1, 8) : random.Next(1, 32), random.Next(4) == 0);
    }

    /// <summary>Some cycle of the last months as of some position of late, with whatever came since; now and then one that is not over yet.</summary>
    private async Task CloseAsync(string client)
    {
        var known = await log.RegistrationAsync(client);
        var cycle = known.Calendar.CycleAt(random.Next(ClosedEarlyOneIn) == 0 ? log.Now : log.Now - Duration.FromDays(random.Next(100)));
        if (known.Closed.ContainsKey(cycle.Start) || (cycle.End > log.Now && random.Next(ClosedEarlyOneIn) > 0))
            return;
        var head = await log.HeadAsync();
        if (random.Next(2) == 0)
            await log.AppendAsync(await NewAsync(random.Next(1, 8)));
        await log.CloseAsync(client, cycle.Start, Math.Max(known.Position, head - random.Next(3)));
    }

    private async Task<SpecUsage> VaryAsync(SpecUsage usage)
    {
        var client = Pick(Clients);
        return usage with
        {
            Client = client,
            At = await SomeTimeAsync(client),
            Provider = Pick(["retell", "twilio"]),
            Metric = Pick(["call.seconds", "sms.segments"]),
            Agent = Pick(["a1", "a2", null]),
            Unit = Pick(["second", "piece"]),
            Currency = Pick(["USD", "USD", "EUR"]),
            Quantity = random.Next(10_000) / 100m,
            Cost = random.Next(4) == 0 ? null : random.Next(-100, 10_000) / 10_000m,
            UnitCost = random.Next(3) == 0 ? null : random.Next(1, 50) / 10m,
        };
    }

    /// <summary>In the last months, often at the very edge of a cycle.</summary>
    private async Task<Instant> SomeTimeAsync(string? client)
    {
        var at = log.Now - Duration.FromTicks(random.NextInt64(Duration.FromDays(random.Next(1, 120)).BclCompatibleTicks));
        if (client is not null && random.Next(3) == 0)
        {
            var calendar = (await log.RegistrationAsync(client)).Calendar;
            at = calendar.CycleAt(at).Start - Duration.FromTicks(10 * random.Next(2));
        }

        return Instant.FromUnixTimeTicks(at.ToUnixTimeTicks() / 10 * 10);
    }

    private SpecUsage TakeAlive()
    {
        var index = random.Next(alive.Count);
        var taken = alive[index];
        alive.RemoveAt(index);
        return taken;
    }

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
