using Npgsql;
using UsageLedger.Auditors;
using UsageLedger.Cycles;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Auditors;

/// <summary>Who reads by SQL sees the tenants that he was given, and changes nothing.</summary>
public sealed class AuditorSpecs(AuditedReports reports) : IClassFixture<AuditedReports>
{
    private const string OfTenants = """
        select format('%I.%I', c.relnamespace::regnamespace::text, c.relname)
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relnamespace in ('read'::regnamespace, 'reports'::regnamespace) and c.relkind in ('r', 'v')
        """;

    [Fact]
    public async Task A_query_that_forgets_its_where_shows_the_auditors_own_tenants()
    {
        await using var auditor = await reports.EnterAsync("acme");
        await using var both = await reports.EnterAsync("acme", "globex");

        var seen = new List<string>();
        foreach (var relation in await auditor.RowsAsync(OfTenants))
        {
            var rows = await auditor.RowsAsync($"select tenant_id from {relation}");
            rows.Distinct().ShouldBeSubsetOf(["acme"], relation);
            if (rows.Count > 0)
                seen.Add(relation);
            (await both.RowsAsync($"select tenant_id from {relation}")).Count(tenant => tenant == "acme").ShouldBe(rows.Count, relation);
        }

        seen.ShouldContain("reports.usage");
        seen.ShouldContain("reports.cycle_lines");
        seen.ShouldContain("reports.unattributed");
        seen.ShouldContain("reports.events");
        seen.ShouldContain("read.usage_buckets");
        (await both.RowsAsync("select distinct tenant_id from reports.usage order by 1")).ShouldBe(["acme", "globex"]);
        (await reports.AskAsync<long>("select count(distinct tenant_id) from read.usage_buckets")).ShouldBe(2);
    }

    [Fact]
    public async Task Every_read_model_stands_behind_the_second_wall_and_every_report_says_what_it_holds()
    {
        (await reports.AskAsync<string>("""
            select coalesce(string_agg(c.relname, ', '), '') from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
            where c.relnamespace = 'read'::regnamespace and c.relkind = 'r'
              and not (c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))
            """)).ShouldBeEmpty("read tables without row-level security: their schema file must call ledger.protect_read_tables()");
        (await reports.AskAsync<string>("""
            select coalesce(string_agg(c.relname || '.' || a.attname, ', '), '') from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
            where c.relnamespace = 'reports'::regnamespace and c.relkind = 'v'
              and (col_description(c.oid, a.attnum) is null or obj_description(c.oid, 'pg_class') is null)
            """)).ShouldBeEmpty("columns of reports without a comment");
    }

    [Theory]
    [InlineData("insert into read.usage_buckets select * from read.usage_buckets")]
    [InlineData("update read.cycle_aggregates set cost = 0")]
    [InlineData("delete from reports.usage")]
    [InlineData("select * from ledger.mt_events")]
    [InlineData("select * from ledger.credentials")]
    [InlineData("select * from ledger.auditors")]
    [InlineData("insert into ledger.auditors values (session_user, 'globex')")]
    [InlineData("set session authorization ledger")]
    [InlineData("set role ledger")]
    [InlineData("create table reports.mine (id int)")]
    [InlineData("create table public.mine (id int)")]
    public async Task An_auditor_changes_nothing_and_reads_nothing_else(string sql)
    {
        await using var auditor = await reports.EnterAsync("acme");
        await auditor.RowsAsync("set default_transaction_read_only = off");

        (await auditor.RefusalAsync(sql)).ShouldBeOneOf(PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.ObjectNotInPrerequisiteState, PostgresErrorCodes.FeatureNotSupported);
    }

    [Fact]
    public async Task What_a_function_of_the_auditor_sees_of_the_log_is_his_own()
    {
        await using var auditor = await reports.EnterAsync("acme");
        await auditor.RowsAsync("set default_transaction_read_only = off");
        await auditor.RowsAsync("""
            create function pg_temp.leaks(tenant text) returns boolean language plpgsql cost 0.0000001 as $$
            begin if tenant <> 'acme' then raise exception 'saw %', tenant; end if; return true; end $$
            """);

        (await auditor.RowsAsync("select distinct tenant_id from reports.events where pg_temp.leaks(tenant_id)")).ShouldBe(["acme"]);
        (await auditor.RowsAsync("select distinct tenant_id from read.usage_buckets where pg_temp.leaks(tenant_id)")).ShouldBe(["acme"]);
    }

    [Fact]
    public async Task Reports_are_read_as_before_after_a_rebuild()
    {
        await using var auditor = await reports.EnterAsync("acme");
        var before = (await auditor.RowsAsync("select u::text from reports.usage u order by 1"), await auditor.RowsAsync("select l::text from reports.cycle_lines l order by 1"));

        foreach (IProjection projection in new IProjection[] { new UsageBuckets(), new CycleAggregates() })
            (await new ProjectionRebuild(reports.Server.Database, new ProjectionOptions()).RunAsync(projection, verify: true, null, default)).Differences.ShouldBe(0);

        before.Item1.ShouldNotBeEmpty();
        before.Item2.ShouldNotBeEmpty();
        (await auditor.RowsAsync("select u::text from reports.usage u order by 1")).ShouldBe(before.Item1);
        (await auditor.RowsAsync("select l::text from reports.cycle_lines l order by 1")).ShouldBe(before.Item2);
        (await auditor.RowsAsync("select distinct tenant_id from read.usage_buckets")).ShouldBe(["acme"]);
    }

    [Fact]
    public async Task Whoever_may_not_make_roles_is_told_what_an_administrator_runs()
    {
        await using var connection = await reports.Server.Database.OpenConnectionAsync();
        var refused = await CreateAuditorHandler.Handle(new CreateAuditor("managed_auditor", ["acme"]), connection, reports.Server.Database, default);
        refused.Refusal!.Code.ShouldBe("may_not_create_roles");
        var script = refused.Refusal.Message.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal)).Skip(1);
        await reports.AdministerAsync(string.Join('\n', script).Replace("'...'", "'of-the-admin'", StringComparison.Ordinal));

        var made = await CreateAuditorHandler.Handle(new CreateAuditor("managed_auditor", ["acme"]), connection, reports.Server.Database, default);

        made.ShouldBe(new AuditorCreation(null, null));
        (await CreateAuditorHandler.Handle(new CreateAuditor("managed_auditor", ["acme"], NewPassword: true), connection, reports.Server.Database, default))
            .Refusal!.Message.ShouldContain("alter role managed_auditor password '...';");
        await using var auditor = await reports.LogInAsync("managed_auditor", "of-the-admin");
        (await auditor.RowsAsync("select distinct tenant_id from reports.usage")).ShouldBe(["acme"]);
    }

    [Theory]
    [InlineData("login in role ledger_auditor", false)]
    [InlineData("login createdb in role ledger_auditor", true)]
    [InlineData("login bypassrls in role ledger_auditor", true)]
    [InlineData("login in role ledger_auditor, pg_monitor", true)]
    [InlineData("login in role ledger_auditor", true, "create schema authorization {0}")]
    [InlineData("login in role ledger_auditor", true, "create table public.of_{0} (id int); grant select on public.of_{0} to {0}")]
    public async Task Who_was_no_auditor_here_or_is_more_than_one_keeps_the_password_and_is_not_entered_for_asking(string rights, bool entered, string more = "select")
    {
        var role = $"strange_{Guid.NewGuid():N}"[..20];
        await reports.EnterAsync("acme");
        await reports.AdministerAsync($"create role {role} password 'of-another' {rights}");
        await reports.AdministerAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, more, role));
        if (entered)
            (await reports.CreateAsync(role, "globex")).ShouldBe(new AuditorCreation(null, null));

        (await reports.CreateAsync(role, newPassword: true, "acme")).Refusal!.Code.ShouldBe("not_renewed");

        await using var other = await reports.LogInAsync(role, "of-another");
        (await reports.AskAsync<long>($"select count(*) from ledger.auditors where role_name = '{role}' and tenant_id = 'acme'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_dropped_auditor_sees_nothing_at_once()
    {
        await using var auditor = await reports.EnterAsync("acme");
        var role = (await auditor.RowsAsync("select session_user::text")).Single();

        (await DropAuditorHandler.Handle(new DropAuditor(role), reports.Server.Database, default)).ShouldBeTrue();

        (await auditor.RowsAsync("select tenant_id from reports.usage")).ShouldBeEmpty();
        (await auditor.RowsAsync("select tenant_id from reports.events")).ShouldBeEmpty();
        (await DropAuditorHandler.Handle(new DropAuditor(role), reports.Server.Database, default)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("ledger", "role_taken")]
    [InlineData("postgres", "role_taken")]
    [InlineData("pg_read_all_data", "invalid_role")]
    [InlineData("Robert'); drop table students;--", "invalid_role")]
    [InlineData("", "invalid_role")]
    public async Task Roles_of_others_and_names_that_need_quoting_are_refused(string role, string code) =>
        (await reports.CreateAsync(role, "acme")).Refusal!.Code.ShouldBe(code);

    [Fact]
    public async Task Without_a_tenant_there_is_no_auditor() =>
        (await reports.CreateAsync("nobodys_auditor")).Refusal!.Code.ShouldBe("invalid_tenant");
}
