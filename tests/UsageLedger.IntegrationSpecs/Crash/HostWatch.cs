using System.Globalization;
using Npgsql;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Looks at a host's memory and at how far its projections are behind, until told to stop.</summary>
internal sealed class HostWatch(int processId, NpgsqlDataSource database)
{
    private const string Resident = "VmRSS:";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Projections = [.. Host.LedgerServices.Projections.Select(projection => projection.Name)];

    private readonly List<long> _megabytes = [];

    public long WorstLagEvents { get; private set; }

    public long PeakMb => _megabytes.Max();

    public async Task RunAsync(CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            _megabytes.Add(ResidentMb());
            WorstLagEvents = Math.Max(WorstLagEvents, await LagAsync());
            await Task.Delay(LookEvery, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Events that the slowest projection has not taken in.</summary>
    public async Task<long> LagAsync()
    {
        await using var head = database.CreateCommand("select position from ledger.log_head");
        var position = (long)(await head.ExecuteScalarAsync())!;
        return Math.Max(0, position - await ProjectionStore.LowestAsync(database, Projections, default));
    }

    /// <summary>How much more the host held in the last quarter of the time than in the second; the first is its start.</summary>
    public long GrowthMb() => Median(0.75, 1) - Median(0.25, 0.5);

    private long Median(double from, double to)
    {
        var part = _megabytes[(int)(_megabytes.Count * from)..(int)(_megabytes.Count * to)];
        part.Sort();
        return part.Count == 0 ? 0 : part[part.Count / 2];
    }

    private long ResidentMb()
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status")).First(text => text.StartsWith(Resident, StringComparison.Ordinal));
        return long.Parse(line[Resident.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
