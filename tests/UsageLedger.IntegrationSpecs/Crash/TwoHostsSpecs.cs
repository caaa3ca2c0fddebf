using System.Globalization;
using UsageLedger.IntegrationSpecs.Embedded;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Two hosts append to one database while everything that can be killed is killed.</summary>
public sealed class TwoHostsSpecs(ITestOutputHelper output)
{
    /// <summary>Set it to repeat a run.</summary>
    private const string SeedVariable = "LEDGER_CRASH_SEED";

    private const string SelectCounts = """
        select concat_ws(' ', count(*), count(distinct id), count(distinct data ->> 'idempotencyKey'), min(seq_id), max(seq_id))
        from ledger.mt_events
        """;

    private const string CountGapsInStreams = """
        select count(*)
        from (
            select from ledger.mt_events group by tenant_id, stream_id
            having count(*) <> max(version) or count(distinct version) <> max(version)) s
        """;

    private const string SelectEvents = "select string_agg(seq_id || ' ' || id, ',' order by seq_id) from ledger.mt_events where type = 'usage_recorded'";

    private const string SelectPosts = """
        select string_agg(correlation_id || ' ' || last, ',')
        from (select correlation_id, max(seq_id) as last from ledger.mt_events group by correlation_id) p
        """;

    [Fact]
    public async Task What_was_acknowledged_is_there_once_and_counted_once_whatever_was_killed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        output.WriteLine($"{SeedVariable}={seed}");
        var dir = new DataDir();
        await using var postgres = await dir.StartAsync();
        await using var hosts = await HostPair.StartAsync(postgres.ConnectionString);
        var load = new Load(seed);
        try
        {
            await Task.WhenAll(load.RunAsync(hosts), new Havoc(hosts, dir, postgres.ConnectionString, output).RunAsync(load, new Random(seed)));
            await ShouldHoldAsync(load, hosts, postgres.ConnectionString);
            await ShouldEndWellAsync(hosts);
        }
        catch
        {
            output.WriteLine(hosts.Errors);
            throw;
        }

        output.WriteLine($"{load.Repeats} posts had to be repeated");
    }

    private static async Task ShouldHoldAsync(Load load, HostPair hosts, string database)
    {
        load.Known.Count.ShouldBe(Load.Records);
        (await DataDir.AskAsync<string>(database, SelectCounts))
            .ShouldBe(string.Join(' ', Load.Records, Load.Records, Load.Records, 1, Load.Records), "each record once, positions dense");
        (await DataDir.AskAsync<long>(database, CountGapsInStreams)).ShouldBe(0);
        (await DataDir.AskAsync<string>(database, SelectEvents))
            .ShouldBe(string.Join(',', load.Known.Values.OrderBy(known => known.Position).Select(known => $"{known.Position} {known.EventId}")));
        ShouldBeAllOrNothing(load, await DataDir.AskAsync<string>(database, SelectPosts));
        await ShouldBeWholeAsync(hosts);
        await ShouldCountWhatWasSentAsync(hosts, load);
    }

    /// <summary>When anything of a post was recorded, then by its last event all of it was, even if nobody acknowledged it.</summary>
    private static void ShouldBeAllOrNothing(Load load, string lastOfEachPost)
    {
        foreach (var pair in lastOfEachPost.Split(',').Select(pair => pair.Split(' ')))
        {
            var last = long.Parse(pair[1], CultureInfo.InvariantCulture);
            load.Posts[pair[0]].Max(index => load.Known[index].Position).ShouldBeLessThanOrEqualTo(last, $"of {pair[0]} a part is missing");
        }
    }

    private static async Task ShouldBeWholeAsync(HostPair hosts)
    {
        foreach (var program in hosts.Programs)
        {
            var verified = (await program.RunAsync("verify", "--json")).ShouldExit(0).Json;
            (verified["whole"]!.GetValue<bool>(), verified["treeSize"]!.GetValue<long>()).ShouldBe((true, Load.Records));
        }

        var rebuilt = (await hosts.Programs[0].RunAsync("projections", "rebuild", "all", "--verify", "--json")).ShouldExit(0).Json;
        rebuilt["projections"]!.AsArray().Select(one => one!["differences"]!.GetValue<long>()).ShouldAllBe(differences => differences == 0);
    }

    private static async Task ShouldCountWhatWasSentAsync(HostPair hosts, Load load)
    {
        foreach (var client in Load.ClientIds)
        {
            var sent = load.Sent.Where(usage => usage.Client == client).ToList();
            var quantity = sent.Sum(usage => usage.Quantity);
            var expected = $"{Text(quantity)} {Text(quantity * Load.UnitCost)} {sent.Count}";
            for (var host = 0; host < HostPair.Count; host++)
            {
                var usage = await hosts.Of(host).GetAsync($"/v1/usage?clientId={client}&from=2024-10-01T00:00:00Z&to=2024-11-01T00:00:00Z&groupBy=metric&minPosition={Load.Records}");
                Told(usage.Json["rows"]!.AsArray()).ShouldBe(expected);
                var cycle = await hosts.Of(host).GetAsync($"/v1/clients/{client}/cycles/2024-10?minPosition={Load.Records}");
                Told(cycle.Json["lines"]!.AsArray()).ShouldBe(expected);
            }
        }
    }

    private static async Task ShouldEndWellAsync(HostPair hosts)
    {
        foreach (var server in hosts.Servers)
        {
            server.Terminate();
            (await server.EndAsync()).ShouldExit(0);
        }
    }

    private static string Told(System.Text.Json.Nodes.JsonArray rows)
    {
        var row = rows.ShouldHaveSingleItem()!;
        return $"{row["quantity"]} {row["cost"]} {row["records"]}";
    }

    private static string Text(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
}
