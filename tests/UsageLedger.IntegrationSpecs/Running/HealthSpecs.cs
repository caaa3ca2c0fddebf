using System.Diagnostics;
using Npgsql;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Running;

public sealed class HealthSpecs
{
    private const string Close = "alter database {0} with allow_connections false";
    private const string Reopen = "alter database {0} with allow_connections true";
    private const string EndSessions = "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{0}' and backend_type = 'client backend'";

    private const string FillDisk = """
        create function public.full_disk() returns trigger language plpgsql as
            $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$;
        create trigger full_disk before insert on ledger.mt_events for each statement execute function public.full_disk();
        """;

    private const string FreeDisk = "drop trigger full_disk on ledger.mt_events";

    private const string Tear = """
        create table public.kept_tiles as select * from ledger.log_tiles;
        update ledger.log_tiles set hashes = '';
        """;

    private const string Restore = "update ledger.log_tiles t set hashes = k.hashes from public.kept_tiles k where k.level = t.level and k.index = t.index";

    /// <summary>It heeds no cancelling: neither the time that a statement may take nor whoever asked ends it.</summary>
    private const string HangAppends = """
        create or replace function public.full_disk() returns trigger language plpgsql as
            $$ begin
                   for turn in 1..60 loop
                       begin perform pg_sleep(60); exception when query_canceled then null; end;
                   end loop;
                   return null;
               end $$
        """;

    /// <summary>A second would wait for the first, which holds the log's head.</summary>
    private const string Rehearsals = """
        select count(*) from pg_stat_activity where datname = current_database() and state = 'active'
            and (query like 'copy ledger.mt_events%' or query like 'select position, recorded_at from ledger.log_head for update%')
        """;

    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StaysFor = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task While_the_database_is_away_the_server_is_unready_and_when_it_is_back_ready_by_itself()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        await using var server = await LedgerServer.StartAsync(new LedgerProgram(database.ConnectionString));
        var anybody = new Caller(server.Client, "", null);
        var ready = await anybody.GetAsync("/health/ready");
        ready.Status.ShouldBe(200);
        ((string)ready.Json["status"]!).ShouldBe("ready");
        ready.Json["checks"]!.AsArray().Select(check => $"{check!["name"]} {check["status"]}").ShouldContain("log ready");

        await FromOutsideAsync(database, Close, EndSessions);

        var unready = await UntilAsync(anybody, "unready");
        unready.Status.ShouldBe(503);
        ((string)unready.Json["checks"]![0]!["reason"]!).ShouldNotBeEmpty();
        (await anybody.GetAsync("/health/live")).Status.ShouldBe(200);

        await FromOutsideAsync(database, Reopen);

        await UntilAsync(anybody, "ready");
        server.Terminate();
        (await server.EndAsync()).ShouldExit(0);
    }

    [Theory]
    [InlineData(
        "insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, tenant_id) values (99, gen_random_uuid(), 'theirs', 1, '{{}}', 'foreign', 'acme')",
        "delete from ledger.mt_events where type = 'foreign'", "ledger verify")]
    [InlineData("alter database {0} set default_transaction_read_only = on", "alter database {0} reset default_transaction_read_only", "read only")]
    public async Task What_keeps_the_log_from_taking_events_is_told_before_anybody_sends_one(string hinder, string mend, string reason)
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        await using var server = await LedgerServer.StartAsync(new LedgerProgram(database.ConnectionString));
        var anybody = new Caller(server.Client, "", null);
        await UntilAsync(anybody, "ready");

        await WithinAsync(database, hinder);
        await FromOutsideAsync(database, EndSessions);

        var unready = await UntilAsync(anybody, "unready");
        unready.Status.ShouldBe(503);
        ((string)unready.Json["checks"]![0]!["reason"]!).ShouldContain(reason);

        await WithinAsync(database, mend);
        await FromOutsideAsync(database, EndSessions);
        await UntilAsync(anybody, "ready");
    }

    [Theory]
    [InlineData(FillDisk, FreeDisk)]
    [InlineData(Tear, Restore)]
    public async Task While_only_writes_fail_it_stays_unready_and_is_ready_again_before_anybody_sends_usage(string hinder, string mend)
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        var key = (await program.RunAsync("keys", "create", "--tenant", "acme", "--scopes", "ingest")).ShouldExit(0).Out.Trim();
        await using var server = await LedgerServer.StartAsync(program);
        var caller = new Caller(server.Client, "acme", key);
        (await caller.UsageAsync(Usage.Record("call-0"))).Status.ShouldBe(200);
        await WithinAsync(database, hinder);
        await FromOutsideAsync(database, EndSessions);

        for (var send = 0; send < 3; send++)
            (await caller.UsageAsync(Usage.Record("call-1"))).Status.ShouldBe(503);

        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < StaysFor)
        {
            (await caller.GetAsync("/health/ready")).Status.ShouldBe(503);
            await Task.Delay(100);
        }

        await WithinAsync(database, mend);
        waited.Restart();
        await UntilAsync(caller, "ready");
        waited.Elapsed.ShouldBeLessThan(ToldWithin);
        (await caller.UsageAsync(Usage.Record("call-1"))).Told.ShouldBe("200 1 accepted");
    }

    [Fact]
    public async Task While_an_append_would_hang_it_says_unready_within_seconds_and_hangs_in_one_session_only()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        var key = (await program.RunAsync("keys", "create", "--tenant", "acme", "--scopes", "ingest")).ShouldExit(0).Out.Trim();
        await using var server = await LedgerServer.StartAsync(program);
        var caller = new Caller(server.Client, "acme", key);
        await WithinAsync(database, FillDisk);
        (await caller.UsageAsync(Usage.Record("call-0"))).Status.ShouldBe(503);
        await WithinAsync(database, HangAppends);

        await using var rehearsals = database.DataSource.CreateCommand(Rehearsals);
        for (var time = 0; time < 2; time++)
        {
            var waited = Stopwatch.StartNew();
            var asked = Task.WhenAll(Enumerable.Range(0, 10).Select(_ => caller.GetAsync("/health/ready")));
            var seen = new List<object?>();
            while (!asked.IsCompleted)
            {
                seen.Add(await rehearsals.ExecuteScalarAsync());
                await Task.Delay(50);
            }

            seen.Max().ShouldBe(1L);
            waited.Elapsed.ShouldBeLessThan(AnswersWithin);
            (await asked).ShouldAllBe(told => told.Status == 503);
            (await asked).ShouldAllBe(told => ((string)told.Json["checks"]![0]!["reason"]!).Contains("could not be appended"));
        }

        await FromOutsideAsync(database, EndSessions);
        await WithinAsync(database, FreeDisk);
        await UntilAsync(caller, "ready");
    }

    [Fact]
    public async Task What_only_degrades_is_told_as_it_was_while_it_cannot_be_told()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        await using var server = await LedgerServer.StartAsync(new LedgerProgram(database.ConnectionString));
        var anybody = new Caller(server.Client, "", null);
        var before = Checks(await UntilAsync(anybody, "ready"));
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("lock table ledger.sealed_keys in access exclusive mode", connection, holding);
        await hold.ExecuteNonQueryAsync();

        for (var time = 0; time < 4; time++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.1));
            var waited = Stopwatch.StartNew();
            var told = await anybody.GetAsync("/health/ready");
            waited.Elapsed.ShouldBeLessThan(AnswersWithin);
            (told.Status, Checks(told)).ShouldBe((200, before));
        }

        const string logged = "Whether the ledger is ready could not be told of checkpoint";
        await SpecLog.UntilAsync(() => Task.FromResult(server.Errors.Contains(logged, StringComparison.Ordinal)), "it is logged");
        server.Errors.Split(logged).Length.ShouldBe(2, "once a minute");
    }

    private static string Checks(Reply reply) => string.Join(", ", reply.Json["checks"]!.AsArray().Select(check => $"{check!["name"]} {check["status"]}"));

    private static async Task<Reply> UntilAsync(Caller anybody, string status)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var reply = await anybody.GetAsync("/health/ready");
            if ((string)reply.Json["status"]! == status)
                return reply;
            waited.Elapsed.ShouldBeLessThan(RecoversWithin, reply.Text);
            await Task.Delay(100);
        }
    }

    private static async Task WithinAsync(LedgerDatabase database, string statement)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = "-c default_transaction_read_only=off" };
        await using var inside = NpgsqlDataSource.Create(settings);
        await using var command = inside.CreateCommand(string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, settings.Database));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs statements in another database of the same server.</summary>
    private static async Task FromOutsideAsync(LedgerDatabase database, params string[] statements)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var name = settings.Database!;
        settings.Database = "ledger";
        await using var outside = NpgsqlDataSource.Create(settings);
        foreach (var statement in statements)
        {
            await using var command = outside.CreateCommand(string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, name));
            await command.ExecuteNonQueryAsync();
        }
    }
}
