using System.Globalization;
using UsageLedger.IntegrationSpecs.Embedded;
using UsageLedger.IntegrationSpecs.EventLog;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Two hosts append to one database while everything that can be killed is killed.</summary>
[Collection(FaultSuites.Name)]
public sealed class TwoHostsSpecs(ITestOutputHelper output)
{
    private const string SelectPosts = """
        select string_agg(correlation_id || ' ' || last, ',')
        from (select correlation_id, max(seq_id) as last from ledger.mt_events group by correlation_id) p
        """;

    private const double PartOfMinutes = 0.5;

    private static readonly CrashSize Size = FaultRun.IsSmall ? new(1, 4_000, 300, 3, 15) : new(50, 20_000, 1_000, 1, 2);

    private readonly FaultReport _report = new("crash", output);

    [Fact]
    public async Task What_was_acknowledged_is_there_once_and_counted_once_whatever_was_killed()
    {
        _report.Say($"{FaultRun.SeedVariable}={FaultRun.Seed}");
        var (dir, began) = (new DataDir(), FaultRun.Now);
        await using var postgres = await dir.StartAsync();
        await using var hosts = await HostGroup.StartAsync(postgres.ConnectionString, 2);
        var (figures, book, random) = (new FaultFigures("crash", FaultRun.Seed), new LoadBook(FaultRun.Seed), new Random(FaultRun.Seed));
        var havoc = new Havoc(hosts, dir, postgres.ConnectionString, figures, _report);
        try
        {
            for (var slice = 0; slice < Size.Slices && FaultRun.GoesOn(began, PartOfMinutes); slice++)
            {
                var load = new Load(book, Size.Records, Size.BatchMax, random.Next());
                await Task.WhenAll(load.RunAsync(hosts.Any), havoc.RunAsync(load, random, Size.Kills, Size.SessionEnds));
            }

            await Aftermath.CountAsync(figures, book, postgres.ConnectionString);
            await Aftermath.CheckAsync(figures, hosts.Programs[1]);
            _report.Keep(figures);
            figures.ShouldBeFlawless();
            await ShouldHoldAsync(book, hosts, postgres.ConnectionString);
            await ShouldEndWellAsync(hosts);
        }
        catch
        {
            output.WriteLine(hosts.Errors);
            throw;
        }
    }

    private static async Task ShouldHoldAsync(LoadBook book, HostGroup hosts, string database)
    {
        book.Known.Count.ShouldBe(book.Records, "all of it is acknowledged in the end");
        (await DataDir.AskAsync<long>(database, "select count(*) from ledger.mt_events")).ShouldBe(book.Records);
        ShouldBeAllOrNothing(book, await DataDir.AskAsync<string>(database, SelectPosts));
        await ShouldCountWhatWasSentAsync(hosts, book);
    }

    /// <summary>When anything of a post was recorded, then by its last event all of it was, even if nobody acknowledged it.</summary>
    private static void ShouldBeAllOrNothing(LoadBook book, string lastOfEachPost)
    {
        foreach (var pair in lastOfEachPost.Split(',').Select(pair => pair.Split(' ')))
        {
            var last = long.Parse(pair[1], CultureInfo.InvariantCulture);
            book.Posts[pair[0]].Max(index => book.Known[index].Position).ShouldBeLessThanOrEqualTo(last, $"of {pair[0]} a part is missing");
        }
    }

    private static async Task ShouldCountWhatWasSentAsync(HostGroup hosts, LoadBook book)
    {
        var sent = Enumerable.Range(0, book.Records).Select(book.Record).GroupBy(usage => usage.Client, usage => usage.Quantity)
            .ToDictionary(group => group.Key, group => (Quantity: group.Sum(), Records: group.Count()));
        foreach (var client in LoadBook.ClientIds)
        {
            var expected = $"{Text(sent[client].Quantity)} {Text(sent[client].Quantity * LoadBook.UnitCost)} {sent[client].Records}";
            for (var host = 0; host < hosts.Count; host++)
            {
                (await ToldAsync(hosts.Of(host), $"/v1/usage?clientId={client}&from=2024-10-01T00:00:00Z&to=2024-11-01T00:00:00Z&groupBy=metric&minPosition={book.Records}", "rows"))
                    .ShouldBe(expected);
                (await ToldAsync(hosts.Of(host), $"/v1/clients/{client}/cycles/2024-10?minPosition={book.Records}", "lines")).ShouldBe(expected);
            }
        }
    }

    private static async Task ShouldEndWellAsync(HostGroup hosts)
    {
        foreach (var server in hosts.Servers)
        {
            server.Terminate();
            (await server.EndAsync()).ShouldExit(0);
        }
    }

    /// <summary>A read model that is behind says so after ten seconds, and is asked again.</summary>
    private static async Task<string> ToldAsync(Running.Caller caller, string path, string rows)
    {
        var reply = await caller.GetAsync(path);
        await SpecLog.UntilAsync(async () => (reply = reply.Status == 503 ? await caller.GetAsync(path) : reply).Status != 503, "the read model has caught up");
        var row = reply.Json[rows]!.AsArray().ShouldHaveSingleItem()!;
        return $"{row["quantity"]} {row["cost"]} {row["records"]}";
    }

    private static string Text(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>Of each slice of the load its records, its kills and the times that all sessions are ended.</summary>
    private sealed record CrashSize(int Slices, int Records, int BatchMax, int Kills, int SessionEnds);
}
