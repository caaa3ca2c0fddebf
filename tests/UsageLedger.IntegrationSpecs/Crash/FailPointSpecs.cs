using System.Diagnostics;
using UsageLedger.IntegrationSpecs.Running;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Whatever happens between any two statements of append, projection, inbox and collection, nothing is lost or doubled. The list of places is the program's own.</summary>
[Collection(FaultSuites.Name)]
public sealed class FailPointSpecs(ITestOutputHelper output)
{
    private const double PartOfMinutes = 0.3;

    /// <summary>Of a rebuild, which is a verb's.</summary>
    private const string Rebuilds = "rebuild.";

    /// <summary>Among the other specs; <c>build/test faults</c> kills at every one.</summary>
    private const int KilledAmongOthers = 2;

    private const int Killed = 128 + 9;

    private static readonly TimeSpan HitMax = TimeSpan.FromSeconds(90);

    private static readonly int Seed = FaultRun.Seed;

    private readonly FaultReport _report = new("points", output);
    private readonly FaultFigures _figures = new("points", Seed);
    private readonly Random _random = new(Seed);

    [Fact]
    public async Task A_host_fails_once_at_every_point_and_goes_on()
    {
        await using var world = await OpenAsync();
        var served = FailPointNames.All.Where(point => !IsOfRebuild(point)).ToList();
        served.Count.ShouldBeGreaterThan(40);
        await using (var host = await world.StartAsync(string.Join(',', served.Select(point => $"{point}=throw@{_random.Next(1, 3)}"))))
        {
            await WorkUntilAsync(world, host, () => served.All(point => host.Errors.Contains(FailPointNames.Told(point))), () => string.Join(", ", served.Where(point => !host.Errors.Contains(FailPointNames.Told(point)))));
            await world.WorkAsync(host);
            host.IsRunning.ShouldBeTrue(host.Errors);
            host.Terminate();
            (await host.EndAsync()).ShouldExit(0);
        }

        var rebuilds = FailPointNames.All.Where(IsOfRebuild).ToList();
        var rebuilt = await world.Program(string.Join(',', rebuilds.Select(point => $"{point}=stall@1"))).RunAsync("projections", "rebuild", "usage_buckets", "--verify");
        rebuilds.ShouldAllBe(point => rebuilt.Errors.Contains(FailPointNames.Told(point)));
        rebuilt.ShouldExit(0);
        _figures.FailPoints = FailPointNames.All.Count;
        await world.EndAsync();
    }

    [Fact]
    public async Task A_host_whose_sessions_end_while_projections_are_at_leisure_stays_up()
    {
        await using var world = await OpenAsync();
        await using var host = await world.StartAsync("projection.locked=stall@*2");
        var stalled = FailPointNames.Told("projection.locked");
        for (var time = 1; time <= 3; time++)
        {
            var told = host.Errors.Split(stalled).Length;
            await EventLog.SpecLog.UntilAsync(() => Task.FromResult(host.Errors.Split(stalled).Length > told), "a projection stalls");
            await world.EndSessionsAsync();
        }

        await WorkUntilAsync(world, host, () => host.Errors.Contains("tries again") || !host.IsRunning, () => "a lost session");
        host.IsRunning.ShouldBeTrue(host.Errors);
        host.Terminate();
        (await host.EndAsync()).ShouldExit(0);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_host_is_killed_at_a_point_and_the_next_one_goes_on()
    {
        await using var world = await OpenAsync();
        var began = FaultRun.Now;
        try
        {
            do
            {
                await KillAtEachAsync(world);
            }
            while (!FaultRun.IsSmall && FaultRun.IsTimed && FaultRun.GoesOn(began, PartOfMinutes));
            await world.EndAsync();
        }
        finally
        {
            _report.Keep(_figures);
        }
    }

    private async Task KillAtEachAsync(FaultWorld world)
    {
        var points = FailPointNames.All.ToArray();
        _random.Shuffle(points);
        foreach (var point in FaultRun.IsSmall ? points.Take(KilledAmongOthers) : points)
        {
            await KillAtAsync(world, point, _random.Next(1, 3));
            await world.CheckAsync();
        }
    }

    private async Task<FaultWorld> OpenAsync()
    {
        _report.Say($"{FaultRun.SeedVariable}={Seed}");
        return await FaultWorld.OpenAsync(_figures);
    }

    private async Task KillAtAsync(FaultWorld world, string point, int hit)
    {
        _report.Say($"killed at {point}, hit {hit}");
        if (IsOfRebuild(point))
        {
            // Twice in one run there is only where several projections are rebuilt.
            var rebuilt = await world.Program($"{point}=kill@{hit}").RunAsync("projections", "rebuild", "all", "--verify");
            rebuilt.ShouldExit(Killed).Errors.ShouldContain(FailPointNames.Told(point));
        }
        else
        {
            await using var host = await world.StartAsync($"{point}=kill@{hit}");
            await WorkUntilAsync(world, host, () => !host.IsRunning, () => $"{point} at hit {hit}");
            (await host.EndAsync()).ShouldExit(Killed).Errors.ShouldContain(FailPointNames.Told(point));
        }

        _figures.HostsKilled++;
        _figures.FailPoints++;
    }

    private static async Task WorkUntilAsync(FaultWorld world, LedgerServer host, Func<bool> reached, Func<string> missing)
    {
        var waited = Stopwatch.StartNew();
        while (!reached())
        {
            waited.Elapsed.ShouldBeLessThan(HitMax, $"never reached: {missing()}\n{host.Errors}");
            await world.WorkAsync(host);
        }
    }

    private static bool IsOfRebuild(string point) => point.StartsWith(Rebuilds, StringComparison.Ordinal);
}
