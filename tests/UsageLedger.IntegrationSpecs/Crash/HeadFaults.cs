using Npgsql;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>What goes wrong with those who hold the head of the log and those who own projections.</summary>
internal sealed class HeadFaults(NpgsqlDataSource database, HostGroup hosts, FaultFigures figures, FaultReport report)
{
    private const int StallMinMs = 300;
    private const int StallMaxMs = 2_500;

    /// <summary>Each kind once, in an order that the seed decides.</summary>
    public async Task RoundAsync(Random random)
    {
        Func<Random, Task<string>>[] kinds = [StallAsync, CutOffAsync, KillHolderAsync, KillOwnerAsync];
        random.Shuffle(kinds);
        foreach (var kind in kinds)
        {
            await Task.Delay(random.Next(50, 400));
            report.Say(await kind(random));
        }
    }

    private async Task<string> StallAsync(Random random)
    {
        await using var held = await HeldByHost.CatchAsync(database, hosts);
        var waitMs = random.Next(StallMinMs, StallMaxMs);
        await Task.Delay(waitMs);
        (await held.IsHeldAsync()).ShouldBeTrue("a stopped appender keeps the head");
        figures.Stalled++;
        return $"host {held.Host} stood still at the head for {waitMs} ms";
    }

    private async Task<string> CutOffAsync(Random random)
    {
        await using var held = await HeldByHost.CatchAsync(database, hosts);
        await held.CutOffAsync();
        await Task.Delay(random.Next(50, StallMinMs));
        figures.CutOff++;
        return $"host {held.Host} was cut off at the head";
    }

    private async Task<string> KillHolderAsync(Random random)
    {
        await using var held = await HeldByHost.CatchAsync(database, hosts);
        hosts.Kill(held.Host);
        figures.KilledAtHead++;
        figures.HostsKilled++;
        await Task.Delay(random.Next(50, StallMinMs));
        await hosts.RestartAsync(held.Host);
        return $"host {held.Host} was killed at the head";
    }

    private async Task<string> KillOwnerAsync(Random random)
    {
        var (host, projections, seconds) = await OwnedByHost.KillAsync(database, hosts);
        figures.OwnersKilled++;
        figures.HostsKilled++;
        figures.WorstTakeoverSeconds = Math.Max(figures.WorstTakeoverSeconds, Math.Round(seconds, 2));
        await hosts.RestartAsync(host);
        return $"host {host} was killed and its {projections} projections taken over after {seconds:0.00} s";
    }
}
