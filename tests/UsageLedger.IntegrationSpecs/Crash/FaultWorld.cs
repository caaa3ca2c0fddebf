using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Verifying;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>A ledger in a database of its own whose one host is broken again and again, with every kind of work to do.</summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    private const string Tenant = "acme";
    private const string LetLeasesEnd = "update ledger.inbox_items set lease_until = now() - interval '1 second' where status = 'running'";
    private const string LetWaitsEnd = "update ledger.inbox_items set next_attempt_at = now() - interval '1 second' where status in ('failed', 'queued')";
    private const string CountRunsAtWork = "select count(*) from ledger.inbox_items where kind = 'collect' and status in ('queued', 'running', 'failed')";
    private const string CountAtWork = "select count(*) from ledger.inbox_items where status in ('queued', 'running', 'failed', 'dead')";
    private const string SelectKept = "select key from ledger.inbox_items where kind = 'webhook' union select data ->> 'key' from ledger.mt_events where type = 'inbox_item_dropped'";

    private const string SelectBill = """
        select concat_ws(' ', count(*), sum((usage ->> 'cost')::numeric)) from (
            select distinct on (coalesce(s.subject, e.id)) coalesce(e.data -> 'current', e.data) as usage
            from ledger.mt_events e left join ledger.log_subjects s on s.seq_id = e.seq_id
            where e.type like 'usage%' order by coalesce(s.subject, e.id), e.seq_id desc) u
        where usage ->> 'source' = 'retell-main' and usage ->> 'metric' like 'call.%' and usage ->> 'cost' is not null
        """;

    private readonly LedgerDatabase _home;
    private readonly NpgsqlDataSource _database;
    private readonly FaultVendor _vendor;
    private readonly FaultFigures _figures;
    private readonly LoadBook _book;
    private readonly Random _random;
    private readonly string _dataDir = SpecFolders.Next();
    private readonly Queue<int[]> _waiting = [];
    private readonly ConcurrentBag<string> _delivered = [];
    private string? _key;

    private FaultWorld(LedgerDatabase home, FaultVendor vendor, FaultFigures figures) =>
        (_home, _database, _vendor, _figures, _book, _random) =
            (home, LogDatabase.Open(home.ConnectionString, "faults"), vendor, figures, new LoadBook(figures.Seed), new Random(figures.Seed));

    public static async Task<FaultWorld> OpenAsync(FaultFigures figures)
    {
        var world = new FaultWorld(await LedgerCluster.CreateLedgerAsync(), await FaultVendor.StartAsync(), figures);
        world._key = (await CreateKeyHandler.Handle(new CreateKey(Tenant, ["admin", "ingest", "query", "collect"]), world._database, SystemClock.Instance, default)).Created!.Secret;
        await using var host = await world.StartAsync();
        await world._vendor.ConfigureAsync(world.CallerOf(host));
        return world;
    }

    /// <summary>A host with these fail points, which may have ended by one already.</summary>
    public async Task<LedgerServer> StartAsync(string? points = null)
    {
        await DoAsync(LetLeasesEnd);
        return await LedgerServer.TryStartAsync(Program(points));
    }

    public LedgerProgram Program(string? points = null)
    {
        var environment = points is null ? [] : FailPointNames.Armed(points);
        environment["Ledger__AllowLoopbackSources"] = "true";
        return new LedgerProgram(_home.ConnectionString, _dataDir) { Environment = environment };
    }

    /// <summary>Some of everything there is to do; what was not acknowledged is done again next time.</summary>
    public async Task WorkAsync(LedgerServer host)
    {
        var caller = CallerOf(host);
        await DoAsync(LetWaitsEnd);
        await RecordAsync(caller);
        await DeliverAsync(caller, _vendor.NextCall());
        await DeliverAsync(caller, _vendor.NextNonsense());
        if (await AskAsync(CountRunsAtWork) == 0)
            await TryAsync(() => caller.PostAsync("/v1/collections", _vendor.NextRun()));
        await DropAsync(caller);
        await Task.Delay(50);
    }

    public Task EndSessionsAsync() => DoAsync(Havoc.EndSessions);

    /// <summary>What holds at any moment, whoever has just died: nothing acknowledged is lost, nothing doubled, no gap, the proof whole, each read model what it would be if made anew.</summary>
    public async Task CheckAsync()
    {
        await Aftermath.CountAsync(_figures, _book, _home.ConnectionString);
        _figures.Lost += _delivered.Distinct().Except(await KeptAsync()).Count();
        _figures.Whole &= await VerifiedAsync();
        foreach (var projection in Host.LedgerServices.Projections)
            _figures.Add(await new ProjectionRebuild(_database, new ProjectionOptions()).RunAsync(projection, true, null, default));
        _figures.ShouldBeFlawless();
    }

    /// <summary>A host that nothing befalls does what is left, and the ledger holds the vendor's true bill.</summary>
    public async Task EndAsync()
    {
        await using var host = await StartAsync();
        var caller = CallerOf(host);
        while (_waiting.Count > 0)
            await RecordAsync(caller, news: 0);
        _vendor.Settle();
        await SettledAsync(caller);
        (await caller.PostAsync("/v1/collections", FaultVendor.WholeRun())).Status.ShouldBe(202);
        await SettledAsync(caller);
        host.Terminate();
        (await host.EndAsync()).ShouldExit(0);
        await CheckAsync();
        _book.Known.Count.ShouldBe(_book.Records, "all of it is acknowledged in the end");
        await using var select = _database.CreateCommand(SelectBill);
        var bill = ((string)(await select.ExecuteScalarAsync())!).Split(' ');
        (long.Parse(bill[0], CultureInfo.InvariantCulture), decimal.Parse(bill[1], CultureInfo.InvariantCulture)).ShouldBe(_vendor.Truth);
    }

    public async ValueTask DisposeAsync()
    {
        await _vendor.DisposeAsync();
        await _database.DisposeAsync();
        await _home.DisposeAsync();
    }

    /// <summary>What the verb says, with what it reads of this installation's folder: kept heads and the keys that signed them.</summary>
    private async Task<bool> VerifiedAsync()
    {
        var options = await Host.KeptProofs.ReadAsync(Host.LedgerSettings.Read(Configured()), [], default);
        options.TrustedKeys.ShouldNotBeEmpty("or no key would be compared");
        return (await new LogVerifier(_database, options).RunAsync(null, default)).Whole && (await ClosedCycleCheck.RunAsync(_database, default)).Count == 0;
    }

    private IConfiguration Configured() => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        [Host.LedgerSettings.ConnectionStringName] = _home.ConnectionString,
        [Host.LedgerSettings.DataDirName] = _dataDir,
    }).Build();

    private Caller CallerOf(LedgerServer host) => new(host.Client, Tenant, _key);

    private async Task RecordAsync(Caller caller, int news = 40)
    {
        if (news > 0)
        {
            int[] batch = [.. Enumerable.Range(_book.Records, _random.Next(1, news)), .. Enumerable.Range(0, Math.Min(5, _book.Records)).Select(_ => _random.Next(_book.Records))];
            _book.Records = Math.Max(_book.Records, batch.Max() + 1);
            _random.Shuffle(batch);
            for (var time = _random.Next(1, 4); time > 0; time--)
                _waiting.Enqueue(batch);
        }

        for (var tries = _waiting.Count; tries > 0; tries--)
        {
            var next = _waiting.Dequeue();
            if (!await Load.TryAsync(_book, caller, next, Usage.Array(next.Select(index => _book.Record(index).Json))))
            {
                _book.Repeat();
                _waiting.Enqueue(next);
            }
        }
    }

    private async Task DeliverAsync(Caller caller, string body)
    {
        if ((await TryAsync(() => _vendor.DeliverAsync(caller, body)))?.Status == 200)
            _delivered.Add(FaultVendor.KeyOf(body));
    }

    private static async Task DropAsync(Caller caller)
    {
        if (await TryAsync(() => caller.GetAsync("/v1/inbox?status=quarantined&limit=1")) is { Status: 200 } listed && listed.Json["items"]!.AsArray() is [{ } item, ..])
            await TryAsync(() => caller.SendAsync(HttpMethod.Delete, $"/v1/inbox/{item["id"]}", null));
    }

    private Task SettledAsync(Caller caller) => SpecLog.UntilAsync(
        async () =>
        {
            await DoAsync(LetWaitsEnd);
            await TryAsync(() => caller.PostAsync("/v1/inbox/retry", """{"status":"dead"}"""));
            return await AskAsync(CountAtWork) == 0;
        },
        "the inbox is done");

    private static async Task<Reply?> TryAsync(Func<Task<Reply>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TaskCanceledException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<List<string>> KeptAsync()
    {
        await using var select = _database.CreateCommand(SelectKept);
        await using var reader = await select.ExecuteReaderAsync();
        var keys = new List<string>();
        while (await reader.ReadAsync())
            keys.Add(reader.GetString(0));
        return keys;
    }

    private async Task<long> AskAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task DoAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
