using Npgsql;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>The doctor beside real faults, each planted in a ledger that was well before.</summary>
public sealed class DoctorSpecs
{
    private const string Fingerprint = """
        select md5(concat(
            (select jsonb_agg(p order by p.name) from ledger.projections p), (select jsonb_agg(h) from ledger.log_head h),
            (select jsonb_agg(k order by k.key_id) from ledger.log_keys k), (select count(*) from ledger.log_checkpoints),
            (select jsonb_agg(m order by m.number) from ledger.schema_migrations m), (select count(*) from pg_class)))
        """;

    [Fact]
    public async Task A_ledger_that_is_well_is_told_to_be_beside_its_server_and_nothing_is_changed()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        await using (var server = await LedgerServer.StartAsync(program))
        {
            (await program.RunAsync("doctor")).ShouldExit(0).Out.ShouldNotContain("failed");
        }

        await using var before = database.DataSource.CreateCommand(Fingerprint);
        var known = await before.ExecuteScalarAsync();
        var files = Directory.EnumerateFileSystemEntries(program.DataDir, "*", SearchOption.AllDirectories).Order().ToList();
        var json = (await program.RunAsync("doctor", "--json")).ShouldExit(0).Json;

        ((string)json["status"]!).ShouldNotBe("failed");
        json["checks"]!.AsArray().Select(check => (string)check!["name"]!).ShouldBe(
            [
                "database", "writable", "fsync", "synchronous_commit", "full_page_writes", "connections", "clock", "database size", "schema", "log", "checkpoint",
                "kept checkpoints", .. Host.LedgerServices.Projections.Select(projection => projection.Name).Order(StringComparer.Ordinal), "signing key known", "sealed", "API keys", "dead letters", "quarantine", "late sources", "failing sources", "silent webhooks",
                "master key", "signing key", "disk",
            ]);
        (await before.ExecuteScalarAsync()).ShouldBe(known);
        Directory.EnumerateFileSystemEntries(program.DataDir, "*", SearchOption.AllDirectories).Order().ShouldBe(files);
    }

    [Fact]
    public async Task Each_fault_is_found_and_told_with_what_to_do()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        await RecordAsync(program);

        await PlantAsync(database, """
            update ledger.api_keys set expires_at = now() + interval '3 days';
            update ledger.projections set state = 'stopped', failed_position = 2, error = 'planted' where name = 'usage_buckets';
            insert into ledger.inbox_items (id, tenant, kind, source, key, status, next_attempt_at, received_at, correlation_id) values
                (gen_random_uuid(), 'acme', 'fetch', 'voice', 'a', 'dead', now(), now(), 'spec'),
                (gen_random_uuid(), 'acme', 'webhook', 'voice', 'b', 'quarantined', now(), now() - interval '2 days', 'spec');
            insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, tenant_id) values (99, gen_random_uuid(), 'theirs', 1, '{}', 'foreign', 'acme');
            insert into ledger.sealed_keys (name, master_key_id, sealed_key) values ('spec', 'feedfeedfeedfeed', '');
            insert into read.collections (tenant_id, run_id, source_id, from_at, to_at, status, pages, records, accepted, duplicates, revised, rejected, requested_at, started_at, error)
                values ('acme', gen_random_uuid(), 'voice', now(), now(), 'failed', 0, 0, 0, 0, 0, 0, now(), now(), 'vendor_refused: planted'),
                       ('acme', '00000000-0000-0000-0000-000000000001', 'slow', now(), now(), 'started', 0, 0, 0, 0, 0, 0, timestamptz '2026-10-05 12:00Z', now(), null),
                       ('acme', '00000000-0000-0000-0000-000000000002', 'well', now(), now(), 'completed', 0, 0, 0, 0, 0, 0, timestamptz '2026-10-05 12:01Z', now(), null);
            insert into ledger.inbox_items (id, tenant, kind, source, key, status, next_attempt_at, received_at, correlation_id, reason) values
                ('00000000-0000-0000-0000-000000000001', 'acme', 'collect', 'slow', 'c', 'failed', now(), timestamptz '2026-10-05 12:00Z', 'spec', 'took_too_long: planted'),
                (gen_random_uuid(), 'acme', 'collect', 'well', 'd', 'failed', now(), timestamptz '2026-10-05 12:00Z', 'spec', 'internal_error: planted'),
                (gen_random_uuid(), 'acme', 'collect', 'never', 'e', 'dead', now(), now(), 'spec', 'internal_error: planted');
            """);
        File.Delete(program.In("signing.key"));

        var found = Findings((await program.RunAsync("doctor", "--json")).ShouldExit(1));

        found["log"].ShouldStartWith("failed The log of 3 events takes nothing: somebody else wrote a row at position 99.");
        found["usage_buckets"].ShouldStartWith("failed The projection is stopped at position 2: planted");
        found["dead letters"].ShouldStartWith("warning 2 items");
        found["quarantine"].ShouldStartWith("warning 1 items");
        found["API keys"].ShouldStartWith("warning 1 end within 30 days");
        found["signing key known"].ShouldStartWith("failed");
        found["sealed"].ShouldContain("feedfeedfeedfeed");
        found["failing sources"].ShouldContain("Sources whose last run failed: acme/never (internal_error); acme/slow (took_too_long); acme/voice (vendor_refused).");
        found["silent webhooks"].ShouldContain("acme/voice since");
        File.Exists(program.In("signing.key")).ShouldBeFalse("nothing is made");
    }

    [Theory]
    [InlineData("master.key", "warning", "")]
    [InlineData("signing.key", "ok", "ok")]
    public async Task A_key_file_that_others_may_read_is_told_and_no_key_is_called_lost_for_it(string file, string sealedStands, string masterStands)
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        await RecordAsync(program);

        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program.In(file), (UnixFileMode)0b110_100_100);

        var run = (await program.RunAsync("doctor", "--json")).ShouldExit(1);
        var found = Findings(run);

        found[file.Replace('.', ' ')].ShouldContain("chmod 600");
        found["sealed"].ShouldStartWith(sealedStands);
        found["signing key known"].ShouldStartWith("warning Whether the log knows the signing key that is here cannot be told");
        found["master key"].ShouldStartWith(masterStands);
        run.Out.ShouldNotContain("A lost master key");
    }

    [Fact]
    public async Task A_database_that_was_put_back_behind_what_was_signed_is_told()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        (await program.RunAsync("migrate")).ShouldExit(0);
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var kept = program.In($"checkpoints/{name.Host}-{name.Port}-{name.Database}");
        Directory.CreateDirectory(kept);
        await File.WriteAllTextAsync(Path.Combine(kept, "2026-11-01-0000000000000000005.txt"), Note(5));

        Findings((await program.RunAsync("doctor", "--json")).ShouldExit(1))["kept checkpoints"]
            .ShouldStartWith("failed A head of 5 events was signed, but the log has 0");
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_is_told_wherever_that_was_set()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        (await program.RunAsync("migrate")).ShouldExit(0);
        var named = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using (var administrator = await LedgerCluster.OpenAdministratorAsync("postgres"))
        {
            foreach (var statement in new[] { $"create role {database.Name} login password 'spec'", $"grant {named.Username} to {database.Name}", $"alter role {database.Name} set default_transaction_read_only = true" })
            {
                await using var command = new NpgsqlCommand(statement, administrator);
                await command.ExecuteNonQueryAsync();
            }
        }

        var forRole = new LedgerProgram(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = database.Name, Password = "spec" }.ConnectionString);
        Findings((await forRole.RunAsync("doctor", "--json")).ShouldExit(1))["writable"].ShouldStartWith("failed The database takes no writes: default_transaction_read_only is on.");
        Findings((await program.RunAsync("doctor", "--json")).ShouldExit(0))["writable"].ShouldStartWith("ok");

        await PlantAsync(database, $"alter database {database.Name} set default_transaction_read_only = on");
        Findings((await program.RunAsync("doctor", "--json")).ShouldExit(1))["writable"].ShouldStartWith("failed The database takes no writes");
    }

    [Fact]
    public async Task Without_its_database_the_doctor_says_so_and_goes_on()
    {
        var away = Findings((await new LedgerProgram("Host=127.0.0.1;Port=1;Database=none;Username=nobody;Password=not-to-be-told").RunAsync("doctor", "--json")).ShouldExit(1));
        var fresh = await new LedgerProgram().RunAsync("doctor", "--json");

        away["database"].ShouldStartWith("failed It could not be examined");
        away.Values.ShouldAllBe(told => !told.Contains("not-to-be-told", StringComparison.Ordinal));
        away.ShouldContainKey("disk");
        Findings(fresh.ShouldExit(0))["database"].ShouldStartWith("warning There is no database yet");
    }

    [Fact]
    public async Task An_embedded_database_that_is_down_stays_down()
    {
        var program = new LedgerProgram();
        (await program.RunAsync("migrate")).ShouldExit(0);

        Findings((await program.RunAsync("doctor", "--json")).ShouldExit(1))["database"].ShouldContain("is not running");
        File.Exists(program.In("pg/postmaster.pid")).ShouldBeFalse();
    }

    /// <summary>Three usages, by a server that has stopped since.</summary>
    private static async Task RecordAsync(LedgerProgram program)
    {
        await using var server = await LedgerServer.StartAsync(program);
        var key = (await program.RunAsync("keys", "create", "--tenant", "acme", "--scopes", "ingest")).ShouldExit(0).Out.Trim();
        await new Caller(server.Client, "acme", key).UsageAsync(Usage.Array(3, "call"), Caller.Json);
        server.Terminate();
        (await server.EndAsync()).ShouldExit(0);
    }

    private static Dictionary<string, string> Findings(LedgerRun run) =>
        run.Json["checks"]!.AsArray().ToDictionary(check => (string)check!["name"]!, check => $"{check!["status"]} {check["found"]} {check["toDo"]}");

    private static string Note(long size) =>
        $"usageledger\n{size}\n{Convert.ToBase64String(new byte[32])}\n\n\u2014 usageledger {Convert.ToBase64String(new byte[72])}\n";

    private static async Task PlantAsync(LedgerDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
