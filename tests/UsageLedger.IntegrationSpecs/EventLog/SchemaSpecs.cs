using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>Numbered files, each applied once, in order, by one process at a time.</summary>
public sealed class SchemaSpecs
{
    private static readonly IReadOnlyList<Assembly> Assemblies = [typeof(EventTypes).Assembly];

    [Fact]
    public async Task The_second_migration_finds_nothing_to_do()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        (await LogSchema.IsCurrentAsync(database.DataSource, Assemblies, default)).ShouldBeFalse();

        var first = await LogSchema.MigrateAsync(database.DataSource, Assemblies, default);

        first.ShouldBe(first.Order(StringComparer.Ordinal));
        first.Count.ShouldBeGreaterThan(20);
        (await LogSchema.IsCurrentAsync(database.DataSource, Assemblies, default)).ShouldBeTrue();
        (await LogSchema.MigrateAsync(database.DataSource, Assemblies, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_many_that_migrate_at_once_one_does_the_work()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();

        var applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => LogSchema.MigrateAsync(database.DataSource, Assemblies, default))));

        applied.Count(names => names.Count > 0).ShouldBe(1);
    }

    [Fact]
    public async Task A_migration_beside_a_dump_gives_way_to_readers_and_ends_when_the_dump_does()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.DoAsync("delete from ledger.schema_migrations where name = '0305_books_anew.sql'");
        await using var dump = await log.Open("pg_dump").OpenConnectionAsync();
        await using var dumping = await dump.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table read.usage_buckets in access share mode", dump))
            await hold.ExecuteNonQueryAsync();
        var told = new TaskCompletionSource<string>();

        var migrating = LogSchema.MigrateAsync(log.Database, Assemblies, told.SetResult, default);
        (await told.Task.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe($"Waiting until session {dump.ProcessID} (pg_dump) lets go of the ledger's tables; reading and recording go on.");

        await log.AskAsync<long>("select count(*) from read.usage_buckets").WaitAsync(TimeSpan.FromSeconds(5));
        await dumping.RollbackAsync();
        (await migrating.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(["0305_books_anew.sql"]);
    }

    [Fact]
    public async Task Beside_a_server_of_before_nothing_is_applied_and_once_it_has_ended_all_is()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.DoAsync("insert into ledger.projections (name) values ('usage_buckets'), ('others')");
        var runner = new ProjectionRunner(
            log.Open("server of before"), log.Reader, new UsageBuckets(), new LogSignal(), new ReadSignal(), new ProjectionOptions(), NullLogger<ProjectionRunner>.Instance);
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await SpecLog.UntilAsync(() => log.AskAsync<bool>("select exists (select from pg_locks l join pg_database d on d.oid = l.database where d.datname = current_database() and l.locktype = 'advisory' and l.classid = 4711)"), "the projection has an owner");
        (await LogSchema.MigrateAsync(log.Database, Assemblies, default)).ShouldBeEmpty("a second host of the same version starts beside the first");
        await log.DoAsync("delete from ledger.schema_migrations where name = '0305_books_anew.sql'");

        var refused = await Should.ThrowAsync<ServersRunningException>(LogSchema.MigrateAsync(log.Database, Assemblies, default));
        refused.Message.ShouldContain("runs usage_buckets on");
        refused.Message.ShouldContain("Stop the other servers first");
        (await LogSchema.IsCurrentAsync(log.Database, Assemblies, default)).ShouldBeFalse();

        var migrating = LogSchema.MigrateAsync(log.Database, Assemblies, default);
        await stop.CancelAsync();
        await running;
        (await migrating).ShouldBe(["0305_books_anew.sql"]);
    }

    [Fact]
    public async Task A_stander_by_of_before_runs_and_rebuilds_no_projection_once_the_database_is_newer()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.DoAsync("insert into ledger.projections (name) values ('usage_buckets')");
        await log.DoAsync("insert into ledger.schema_migrations (number, name, checksum) values (9999, '9999_from_the_future.sql', 'x')");
        var options = new ProjectionOptions { SchemaFiles = LogSchema.Numbers(Assemblies), TakeoverEvery = TimeSpan.FromMilliseconds(50) };
        using var lines = new SpecLines();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(lines));
        using var stop = new CancellationTokenSource();
        var running = new ProjectionRunner(
            log.Open("server of before"), log.Reader, new UsageBuckets(), new LogSignal(), new ReadSignal(), options, logs.CreateLogger<ProjectionRunner>()).RunAsync(stop.Token);

        await SpecLog.UntilAsync(() => Task.FromResult(lines.Text.Contains("Projection usage_buckets", StringComparison.Ordinal)), "it says something");
        lines.Text.ShouldBe("Projection usage_buckets is not run by this process: the database was migrated by a newer program. Run that one here too ");
        var rebuild = new ProjectionRebuild(log.Database, options);
        (await Should.ThrowAsync<SchemaMismatchException>(rebuild.RunAsync(new UsageBuckets(), false, null, default))).Message.ShouldContain("usage_buckets is not rebuilt by this one");

        await log.DoAsync("delete from ledger.schema_migrations where number = 9999");
        await SpecLog.UntilAsync(() => Task.FromResult(lines.Text.Contains("usage_buckets is run by this process", StringComparison.Ordinal)), "it runs");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Beside_a_rebuild_of_before_nothing_is_applied()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.DoAsync("delete from ledger.schema_migrations where name = '0305_books_anew.sql'");
        await using (var rebuild = await log.Database.OpenConnectionAsync())
        {
            await using var turn = await AdvisoryLock.TakeAsync(rebuild, ProjectionRebuild.RebuildLocks, "", default);

            (await Should.ThrowAsync<ServersRunningException>(LogSchema.MigrateAsync(log.Database, Assemblies, default))).Message.ShouldContain("runs a rebuild on");
        }

        (await LogSchema.MigrateAsync(log.Database, Assemblies, default)).ShouldBe(["0305_books_anew.sql"]);
    }

    [Fact]
    public async Task The_logs_files_may_come_before_the_domains()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();

        var logs = await LogSchema.MigrateAsync(database.DataSource, [], default);
        (await LogSchema.IsCurrentAsync(database.DataSource, Assemblies, default)).ShouldBeFalse();
        var rest = await LogSchema.MigrateAsync(database.DataSource, Assemblies, default);

        logs.Intersect(rest).ShouldBeEmpty();
        rest.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_file_that_changed_after_it_was_applied_is_refused_by_name()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.DoAsync("update ledger.schema_migrations set checksum = 'other' where number = 2");

        await RefusedAsync(log, "0002_mt_events.sql");
    }

    [Fact]
    public async Task A_database_newer_than_the_program_is_refused()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.DoAsync("insert into ledger.schema_migrations (number, name, checksum) values (9999, '9999_from_the_future.sql', 'x')");

        await RefusedAsync(log, "9999_from_the_future.sql");
    }

    private static async Task RefusedAsync(SpecLog log, string file)
    {
        (await Should.ThrowAsync<SchemaMismatchException>(LogSchema.MigrateAsync(log.Database, Assemblies, default))).Message.ShouldContain(file);
        (await Should.ThrowAsync<SchemaMismatchException>(LogSchema.IsCurrentAsync(log.Database, Assemblies, default))).Message.ShouldContain(file);
    }
}
