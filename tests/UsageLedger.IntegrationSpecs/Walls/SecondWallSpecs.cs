using Npgsql;
using UsageLedger.Access;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>A read on behalf of a tenant sees nothing of another's in the read models, even if its query forgets to ask for its own only.</summary>
public sealed class SecondWallSpecs(TwoTenants world) : IClassFixture<TwoTenants>
{
    private const string Tables = """
        select format('%I.%I', c.relnamespace::regnamespace::text, c.relname)
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relnamespace = 'read'::regnamespace and c.relkind = 'r'
        union all select 'ledger.inbox_items'
        """;

    /// <summary>What decides which rows a table shows, but for what auditors are shown by.</summary>
    private const string Walls = """
        select format('%I.%I %s %s %s', p.schemaname, p.tablename, array_to_string(p.roles, ','), case when c.relrowsecurity then 'on' else 'off' end, p.qual)
        from pg_policies p join pg_class c on c.oid = format('%I.%I', p.schemaname, p.tablename)::regclass
        where p.policyname <> 'own_tenants' and p.schemaname in ('read', 'ledger')
        """;

    /// <summary>Tables that the two tenants have nothing in.</summary>
    private static readonly string[] Empty =
    [
        "read.captured_usage", "read.cycle_calendars", "read.cycle_moves", "read.days_to_judge", "read.pending_costs", "read.vendor_days", "read.vendor_totals",
    ];

    private NpgsqlDataSource Database => world.Ledger.Database;

    [Fact]
    public async Task A_query_that_forgets_its_where_sees_its_own_tenant_only()
    {
        var filled = new List<string>();
        foreach (var table in await world.Ledger.RowsAsync(Tables))
        {
            var all = await OwnAsync($"select count(*) from {table}");
            (await AsAsync(TwoTenants.Owner, $"select count(*) from {table}")).ShouldBe(all, table);
            (await AsAsync("nobody", $"select count(*) from {table}")).ShouldBe(0, table);
            if (all > 0)
                filled.Add(table);
        }

        (await world.Ledger.RowsAsync(Tables)).Except(filled).Order(StringComparer.Ordinal).ToList().ShouldBe([.. Empty], "of an empty table nothing is shown");
    }

    [Fact]
    public async Task Each_table_has_the_wall()
    {
        var tables = await world.Ledger.RowsAsync(Tables);

        (await world.Ledger.RowsAsync(Walls)).Order(StringComparer.Ordinal).ShouldBe(tables.Order(StringComparer.Ordinal).Select(table => $"{table} ledger_reader on {Named(table)}"));

        static string Named(string table) => $"({(table == "ledger.inbox_items" ? "tenant" : "(tenant_id)::text")} = current_setting('ledger.tenant'::text, true))";
    }

    [Fact]
    public async Task A_snapshot_of_many_queries_stands_behind_it_too()
    {
        var all = await OwnAsync("select count(*) from read.cycle_aggregates");
        foreach (var (tenant, seen) in new[] { (TwoTenants.Owner, all), ("nobody", 0) })
        {
            await using var snapshot = await ReadSnapshot.OfCyclesAsync(Database, tenant, default);
            await using var count = snapshot.Command("select count(*) from read.cycle_aggregates");
            ((long)(await count.ExecuteScalarAsync())!).ShouldBe(seen, tenant);
        }

        all.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("update read.cycle_aggregates set cost = 0")]
    [InlineData("delete from ledger.mt_events")]
    [InlineData("select * from ledger.credentials")]
    [InlineData("select * from ledger.api_keys")]
    [InlineData("select * from ledger.sealed_keys")]
    [InlineData("select * from ledger.idempotency_keys")]
    public async Task It_reads_what_answers_are_made_of_and_nothing_else(string sql)
    {
        var refused = await Should.ThrowAsync<PostgresException>(() => AsAsync(TwoTenants.Owner, sql));
        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task A_session_is_nobodys_afterwards()
    {
        await using var one = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(world.Ledger.ConnectionString) { MaxPoolSize = 1 });
        await using (var query = new TenantQuery(one, "nobody", "select count(*) from read.cycle_aggregates"))
        await using (await query.ExecuteReaderAsync(default))
        {
        }

        await using var after = one.CreateCommand("select current_user = session_user and coalesce(current_setting('ledger.tenant', true), '') = ''");
        ((bool)(await after.ExecuteScalarAsync())!).ShouldBeTrue();
    }

    [Fact]
    public async Task It_stands_after_a_rebuild()
    {
        foreach (IProjection projection in new IProjection[] { new UsageBuckets(), new CycleAggregates() })
            await new ProjectionRebuild(Database, new ProjectionOptions()).RunAsync(projection, verify: true, null, default);

        (await AsAsync("nobody", "select count(*) from read.cycle_aggregates")).ShouldBe(0);
        (await AsAsync(TwoTenants.Owner, "select count(*) from read.cycle_aggregates")).ShouldBe(await OwnAsync("select count(*) from read.cycle_aggregates"));
    }

    [Fact]
    public async Task Whoever_may_not_make_roles_reads_with_one_wall_and_with_both_when_an_administrator_gave_the_role()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        await using (var administrator = await LedgerCluster.OpenAdministratorAsync(database.Name))
        {
            await DoAsync(administrator, $"create role plain_owner login password 'plain'; alter database {database.Name} owner to plain_owner; alter schema public owner to plain_owner");
        }

        var plain = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = "plain_owner", Password = "plain", MaxPoolSize = 4 };
        await using var source = NpgsqlDataSource.Create(plain);
        await LogSchema.MigrateAsync(source, [typeof(AccessSetup).Assembly], CancellationToken.None);
        (await TenantWall.RaiseAsync(source, default)).ShouldBeFalse();
        (await ReadInboxHandler.Handle(new ReadInbox("acme", [], null, null, 10), source, default)).Items.ShouldBeEmpty();

        await using (var administrator = await LedgerCluster.OpenAdministratorAsync(database.Name))
            await DoAsync(administrator, "grant ledger_reader to plain_owner");
        (await TenantWall.RaiseAsync(source, default)).ShouldBeTrue();
        (await ReadInboxHandler.Handle(new ReadInbox("acme", [], null, null, 10), source, default)).Items.ShouldBeEmpty();
        await using var who = new TenantQuery(source, "acme", "select current_user::text");
        await using (var reader = await who.ExecuteReaderAsync(default))
        {
            await reader.ReadAsync();
            reader.GetString(0).ShouldBe("ledger_reader");
        }

        // Only its owner drops a database.
        await using var giving = await LedgerCluster.OpenAdministratorAsync(database.Name);
        await DoAsync(giving, $"alter database {database.Name} owner to ledger");
    }

    private async Task<long> OwnAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<long> AsAsync(string tenant, string sql)
    {
        await using var query = new TenantQuery(Database, tenant, sql);
        await using var reader = await query.ExecuteReaderAsync(default);
        return await reader.ReadAsync() ? reader.GetInt64(0) : 0;
    }

    private static async Task DoAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
