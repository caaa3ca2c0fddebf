using System.Diagnostics;
using System.Text.Json;
using UsageLedger.EventLog;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Embedded;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>One host takes what comes, with projections, collection and reads at once; then more than it can take.</summary>
[Collection(FaultSuites.Name)]
public sealed class SustainedLoadSpecs(ITestOutputHelper output)
{
    private const int HostMbMax = 512;
    private const int GrowthMbMax = 64;
    private const long LagEventsMax = 100_000;
    private const double PartOfMinutes = 0.2;

    /// <summary>At once, of a thousand records each, every record of three KiB: together more than the log lets wait.</summary>
    private const int OverloadPosts = 64;
    private const int OverloadRecords = 1_000;
    private const int AttributeCharacters = 1_000;

    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(4);
    private static readonly (TimeSpan Time, int PerSecond, int Overloads) Size =
        FaultRun.IsSmall ? (TimeSpan.FromSeconds(5), 1_000, 1) : (TimeSpan.FromMinutes(10), 3_000, 3);

    private readonly FaultReport _report = new("load", output);

    [Fact]
    public async Task Memory_and_lag_stay_bounded_and_what_is_too_much_is_refused_and_never_lost()
    {
        _report.Say($"{FaultRun.SeedVariable}={FaultRun.Seed}");
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        await using var vendor = await FaultVendor.StartAsync();
        var (figures, book) = (new LoadFigures("load", FaultRun.Seed), new LoadBook(FaultRun.Seed));
        var program = new LedgerProgram(database.ConnectionString)
        {
            RunMax = TimeSpan.FromMinutes(30), Environment = new Dictionary<string, string> { ["Ledger__AllowLoopbackSources"] = "true" },
        };
        await using var server = await LedgerServer.StartAsync(program);
        var key = (await program.RunAsync("keys", "create", "--tenant", "acme", "--scopes", "ingest,query,collect,admin")).ShouldExit(0).Out.Trim();
        var host = new Caller(server.Client, "acme", key);
        await vendor.ConfigureAsync(host);
        await using var log = LogDatabase.Open(database.ConnectionString, "watch");
        var watch = new HostWatch(server.ProcessId, log);
        using var done = new CancellationTokenSource();
        var watching = watch.RunAsync(done.Token);

        var load = new SteadyLoad(host, book, vendor, figures);
        var (ran, began) = (Stopwatch.StartNew(), FaultRun.Now);
        await load.RunAsync(Size.PerSecond, () => ran.Elapsed < Size.Time && FaultRun.GoesOn(began, PartOfMinutes));
        figures.WorstLagEvents = watch.WorstLagEvents;
        figures.HostGrowthMb = watch.GrowthMb();
        for (var overload = 0; overload < Size.Overloads; overload++)
            await OverloadAsync(database, load, book, host, figures);
        ran.Restart();
        await SpecLog.UntilAsync(async () => await watch.LagAsync() == 0, "the projections catch up", TimeSpan.FromMinutes(5));
        figures.CaughtUpSeconds = Math.Round(ran.Elapsed.TotalSeconds, 1);
        await done.CancelAsync();
        await watching;
        figures.HostPeakMb = watch.PeakMb;
        await JudgeAsync(figures, book, database, program);
    }

    /// <summary>Nothing can be appended while the head is held: what comes waits, up to a bound, and beyond it is refused. All of it is recorded in the end.</summary>
    private static async Task OverloadAsync(LedgerDatabase database, SteadyLoad load, LoadBook book, Caller host, LoadFigures figures)
    {
        var posts = Enumerable.Range(0, OverloadPosts).Select(_ => load.Next(OverloadRecords)).ToList();
        var (repeats, refusals, sending) = (book.Repeats, book.Refusals, new List<Task>());
        await using (var held = await database.DataSource.OpenConnectionAsync())
        await using (var transaction = await held.BeginTransactionAsync())
        {
            await using var take = held.CreateCommand();
            take.CommandText = "select from ledger.log_head for update";
            await take.ExecuteNonQueryAsync();
            sending.AddRange(posts.Select(post => Task.Run(() => Load.SendAsync(book, () => host, post, Usage.Array(post.Select(index => Heavy(book, index)))))));
            await Task.Delay(HeldFor);
        }

        await Task.WhenAll(sending);
        figures.OverloadPosts += posts.Count;
        figures.OverloadRefused += book.Refusals - refusals;
        figures.OverloadUnanswered += book.Repeats - repeats - (book.Refusals - refusals);
    }

    private static string Heavy(LoadBook book, int index)
    {
        var attribute = new string('a', AttributeCharacters);
        var json = book.Record(index).Json;
        return string.Concat(json.AsSpan(0, json.Length - 1), $$$""","attributes":{"one":"{{{attribute}}}","two":"{{{attribute}}}"}}""");
    }

    private async Task JudgeAsync(LoadFigures figures, LoadBook book, LedgerDatabase database, LedgerProgram program)
    {
        var found = new FaultFigures("load", FaultRun.Seed);
        await Aftermath.CountAsync(found, book, database.ConnectionString);
        await Aftermath.CheckAsync(found, program);
        figures.CollectedRecords = (int)await DataDir.AskAsync<long>(database.ConnectionString, "select count(*) from ledger.mt_events where type = 'usage_recorded' and data ->> 'source' = 'retell-main'");
        (figures.Lost, figures.Doubled, figures.Gaps, figures.DifferingRows, figures.Whole) = (found.Lost, found.Doubled, found.Gaps, found.DifferingRows, found.Whole);
        var line = JsonSerializer.Serialize(figures, JsonSerializerOptions.Web);
        _report.Say(line);
        if (FaultRun.Folder is { } folder)
            await File.WriteAllTextAsync(Path.Combine(folder, "load.json"), $"[\n{line}\n]\n");

        found.ShouldBeFlawless();
        book.Known.Count.ShouldBe(book.Records, "all of it is acknowledged in the end");
        figures.OverloadRefused.ShouldBeGreaterThan(0, "more was sent than may wait");
        figures.OverloadUnanswered.ShouldBe(0, "what is too much is told so");
        figures.WorstLagEvents.ShouldBeLessThan(LagEventsMax, "projections keep up with a steady load");
        figures.CollectedRecords.ShouldBeGreaterThan(0);
        figures.HostPeakMb.ShouldBeLessThan(HostMbMax);
        if (!FaultRun.IsSmall)
            figures.HostGrowthMb.ShouldBeLessThan(GrowthMbMax);
    }
}
