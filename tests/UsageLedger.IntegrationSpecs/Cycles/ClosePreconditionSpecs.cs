using System.Net;
using UsageLedger.Collecting.Runs;
using UsageLedger.Cycles;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Recording;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Cycles;

public sealed class ClosePreconditionSpecs
{
    private const string Vendor = "retell-main";
    private const string InSeptember = "2026-09-02T10:00:00Z";

    [Fact]
    public async Task Costs_that_a_source_can_still_tell_hold_up_a_close_until_they_are_told()
    {
        await using var books = await OpenAsync();
        await books.ConfigureAsync(Vendor);
        var unpriced = Usage("1", InSeptember, 3m) with { Source = Vendor };
        await books.RecordAsync(unpriced, Usage("2", "2026-10-02T10:00:00Z") with { Source = Vendor }, Usage("3", InSeptember, client: "fabrikam") with { Source = Vendor });

        var refused = await books.CloseAsync("2026-09");
        refused.Verdict.ShouldBe(CloseVerdict.NotReady);
        refused.Unmet.ShouldBe([new ClosePrecondition("pending_costs", false, "1", "0")]);

        await books.ReviseAsync(unpriced with { Cost = 0.6m });
        (await books.CloseAsync("2026-09")).Verdict.ShouldBe(CloseVerdict.Closed);
    }

    [Fact]
    public async Task Usage_that_callers_record_without_a_cost_or_a_client_holds_up_nothing()
    {
        await using var books = await OpenAsync();
        await books.MapAsync("ada");
        await books.RecordAsync(Usage("1", InSeptember), Usage("2", InSeptember, client: null), Keyed("3", InSeptember, "bob") with { Source = "api" });

        (await books.ReadinessAsync("2026-09"))!.Ready.ShouldBeTrue();
        (await books.CloseAsync("2026-09")).Verdict.ShouldBe(CloseVerdict.Closed);
    }

    [Fact]
    public async Task A_usage_that_moved_to_another_client_waits_for_its_price_there()
    {
        await using var books = await OpenAsync();
        await books.ConfigureAsync(Vendor);
        await books.RecordAsync(Keyed("1", InSeptember, "ada"), Usage("2", InSeptember, 1m, 1m));
        (await books.CloseAsync("2026-09")).Verdict.ShouldBe(CloseVerdict.Closed);

        await books.MapAsync("ada", "fabrikam");

        (await books.ReadinessAsync("2026-09", "fabrikam"))!.Preconditions.Single(one => !one.Met).ShouldBe(new ClosePrecondition("pending_costs", false, "1", "0"));
    }

    [Fact]
    public async Task Unattributed_usage_holds_up_only_clients_whom_a_mapping_could_give_it()
    {
        await using var books = await OpenAsync();
        await books.ConfigureAsync(Vendor);
        await books.RecordAsync(
            Keyed("0", InSeptember, "ada", 1m), Keyed("1", InSeptember, "bob", 1m), Keyed("2", "2026-10-02T10:00:00Z", "bob", 1m), Usage("3", InSeptember, 1m, 1m, client: "fabrikam"),
            Usage("4", InSeptember, 1m, 1m, client: null) with { Source = Vendor, Provider = "other" });
        await books.MapAsync("ada");

        var refused = await books.CloseAsync("2026-09");
        refused.Verdict.ShouldBe(CloseVerdict.NotReady);
        refused.Unmet.ShouldBe([new ClosePrecondition("unattributed", false, "1", "0")]);
        (await books.ReadinessAsync("2026-08"))!.Ready.ShouldBeTrue();
        (await books.CloseAsync("2026-09", "fabrikam")).Verdict.ShouldBe(CloseVerdict.Closed);

        await books.MapAsync("bob", "northwind");
        (await books.CloseAsync("2026-09")).Unmet.ShouldBeEmpty();
        (await books.ReadinessAsync("2026-09"))!.Cycle.Status.ShouldBe(UsageLedger.Cycles.Calendar.CycleStatus.Closed);
    }

    [Fact]
    public async Task What_force_overrides_is_in_the_log_with_the_reason()
    {
        await using var books = await OpenAsync();
        await books.ConfigureAsync(Vendor);
        await books.RecordAsync(Usage("1", InSeptember) with { Source = Vendor });
        await books.ArriveAsync();

        var outcome = await books.CloseAsync("2026-09", force: true, reason: "the vendor is gone");

        var closed = CycleClosed.Read((await books.Log.Reader.AtAsync(Tenant, outcome.Position, default))!.Data);
        closed.Reason.ShouldBe("the vendor is gone");
        closed.Overridden.ShouldBe([new ClosePrecondition("pending_costs", false, "1", "0")]);
        CycleClosed.Read(closed.ToCanonical()).ToCanonical().ShouldBe(closed.ToCanonical());
    }

    [Fact]
    public async Task Usage_that_comes_while_preconditions_are_looked_at_is_looked_at_too()
    {
        await using var books = await OpenAsync();
        await books.ConfigureAsync(Vendor);
        await books.RecordAsync(Usage("1", InSeptember, 1m, 1m));
        await books.ArriveAsync();
        await using var holder = await books.Log.Database.OpenConnectionAsync();
        await using var held = await holder.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("lock table read.anomalies in access exclusive mode", holder, held))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var closing = books.CloseAsync("2026-09");
        await SpecLog.UntilAsync(
            async () => await books.Log.AskAsync<bool>("select exists (select from pg_locks where not granted and relation = 'read.anomalies'::regclass)"), "the close counts anomalies");
        await books.RecordAsync(Usage("2", InSeptember) with { Source = Vendor });
        (await books.Models.WaitForAsync(await books.Log.HeadAsync(), [CycleAggregates.ProjectionName, PendingCosts.ProjectionName], default)).ShouldBeTrue();
        await held.RollbackAsync();

        var refused = await closing;
        refused.Verdict.ShouldBe(CloseVerdict.NotReady);
        refused.Unmet.ShouldBe([new ClosePrecondition("pending_costs", false, "1", "0")]);
    }

    [Fact]
    public async Task Force_waits_for_no_read_model_that_it_overrides_and_says_what_it_did_not_know()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", InSeptember, 1m, 1m));
        await books.ArriveAsync();
        await books.Log.DoAsync("update ledger.projections set state = 'stopped', failed_position = 1, error = 'spec' where name = 'anomalies'");
        await books.RecordAsync(Usage("2", InSeptember, 1m, 1m));

        var outcome = await books.CloseAsync("2026-09", force: true, reason: "anomalies are stopped");

        outcome.Verdict.ShouldBe(CloseVerdict.Closed);
        CycleClosed.Read((await books.Log.Reader.AtAsync(Tenant, outcome.Position, default))!.Data).Overridden.ShouldContain(new ClosePrecondition("open_anomalies", false, null, "0"));
    }

    [Fact]
    public async Task A_refused_close_names_each_unmet_precondition_and_a_read_shows_all_of_them()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.ConfigureAsync(Vendor);
        await server.Books.MapAsync("ada");
        await server.Books.RecordAsync(Usage("1", InSeptember) with { Source = Vendor }, Keyed("2", InSeptember, "bob", 1m));
        await server.Books.ArriveAsync();

        (await server.GetAsync("/v1/clients/contoso/cycles/2026-09/close")).GetRawText().ShouldBe("""
            {"clientId":"contoso","cycle":{"id":"2026-09-01","start":"2026-09-01T00:00:00Z","end":"2026-10-01T00:00:00Z","timeZone":"UTC","status":"closing"},
            "ready":false,"closableFrom":"2026-10-01T00:00:00Z",
            "preconditions":[{"name":"pending_costs","met":false,"figure":"1","goal":"0"},{"name":"unattributed","met":false,"figure":"1","goal":"0"},
            {"name":"coverage","met":true,"figure":null,"goal":"0.95"},{"name":"open_anomalies","met":true,"figure":"0","goal":"0"}]}
            """.ReplaceLineEndings(""));
        await server.GetAsync("/v1/clients/nobody/cycles/2026-09/close", HttpStatusCode.NotFound);

        var problem = await PostAsync("{}", HttpStatusCode.Conflict);
        problem.GetProperty("code").GetString().ShouldBe("cycle_not_ready");
        problem.GetProperty("preconditions").GetRawText().ShouldBe("""
            [{"name":"pending_costs","met":false,"figure":"1","goal":"0"},{"name":"unattributed","met":false,"figure":"1","goal":"0"}]
            """);
        problem.GetProperty("detail").GetString()!.ShouldContain("pending_costs is 1 and should be 0, unattributed is 1 and should be 0");
        await PostAsync("""{"force":true}""", HttpStatusCode.OK);

        async Task<System.Text.Json.JsonElement> PostAsync(string body, HttpStatusCode status) =>
            await BooksCaller.ReadAsync(await server.SendAsync(HttpMethod.Post, "/v1/clients/contoso/cycles/2026-09/close", body), status);
    }

    private static UsageRecord Keyed(string key, string occurredAt, string agent, decimal? cost = null) =>
        Eventful.Keyed(key, occurredAt, agent, 1m, cost) with { Source = Vendor };
}
