using UsageLedger.IntegrationSpecs.Cluster;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Three hosts append and project on one database while those who hold its head, or own its projections, are stopped, cut off and killed.</summary>
[Collection(FaultSuites.Name)]
public sealed class ThreeHostsSpecs(ITestOutputHelper output)
{
    private const double PartOfMinutes = 0.2;

    /// <summary>Of the third host: an append that has written all and is rolled back, and one that dawdles at the head.</summary>
    private static readonly string Clumsy = FaultRun.IsSmall
        ? "append.head_moved=throw@*5,append.copied=throw@*9,append.locked=stall@*41"
        : "append.head_moved=throw@*23,append.copied=throw@*37,append.locked=stall@*41";

    private const string RolledBack = "Fail point append.";

    private static readonly TimeSpan RolledBackWithin = TimeSpan.FromMinutes(1);
    private static readonly (int Rounds, int SliceRecords) Size = FaultRun.IsSmall ? (1, 1_500) : (15, 4_000);

    private readonly FaultReport _report = new("order", output);

    [Fact]
    public async Task Nothing_is_skipped_or_out_of_order_and_others_take_over()
    {
        _report.Say($"{FaultRun.SeedVariable}={FaultRun.Seed}");
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        await using var hosts = await HostGroup.StartAsync(database.ConnectionString, 3, (2, Clumsy));
        var (figures, book, random) = (new FaultFigures("order", FaultRun.Seed), new LoadBook(FaultRun.Seed), new Random(FaultRun.Seed));
        var tail = new LogTail(database.DataSource, book);
        using var done = new CancellationTokenSource();
        try
        {
            var tailing = tail.RunAsync(done.Token);
            var faults = BreakAsync(new HeadFaults(database.DataSource, hosts, figures, _report), random);
            var loadSeeds = new Random(FaultRun.Seed + 1);
            var began = FaultRun.Now;
            while (!faults.IsCompleted || (RolledBackBy(hosts) == 0 && FaultRun.Now - began < RolledBackWithin))
                await new Load(book, Size.SliceRecords, 100, loadSeeds.Next()).RunAsync(hosts.Any);
            await faults;
            await done.CancelAsync();
            await tailing;
            (figures.Skipped, figures.OutOfOrder) = (tail.Skipped, tail.OutOfOrder);
            figures.RolledBack = RolledBackBy(hosts);
            await Aftermath.CountAsync(figures, book, database.ConnectionString);
            await Aftermath.CheckAsync(figures, hosts.Programs[0]);
            _report.Keep(figures);
        }
        catch
        {
            output.WriteLine(hosts.Errors);
            throw;
        }

        figures.ShouldBeFlawless();
        tail.Read.ShouldBe(book.Records);
        figures.RolledBack.ShouldBeGreaterThan(0);
        book.Known.Count.ShouldBe(book.Records, "all of it is acknowledged in the end");
    }

    private static int RolledBackBy(HostGroup hosts) =>
        hosts.Errors.Split('\n').Count(line => line.StartsWith(RolledBack, StringComparison.Ordinal) && line.Contains("Throw"));

    private static async Task BreakAsync(HeadFaults faults, Random random)
    {
        var began = FaultRun.Now;
        for (var round = 0; round == 0 || ((FaultRun.IsTimed || round < Size.Rounds) && FaultRun.GoesOn(began, PartOfMinutes)); round++)
            await faults.RoundAsync(random);
    }
}
