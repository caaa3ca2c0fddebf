using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.IntegrationSpecs.Cycles;

namespace UsageLedger.IntegrationSpecs.Web;

public sealed class WaitingSpecs(Served<WaitingSpecs> served) : IClassFixture<Served<WaitingSpecs>>, IRoutes
{
    private const string MoveHead = "insert into ledger.log_head (position, recorded_at) values (5, now()) on conflict (one) do update set position = 5";
    private const string MoveModel = """
        insert into ledger.projections (name, position) values ('cycle_aggregates', $1)
        on conflict (name) do update set position = excluded.position
        """;

    [Fact]
    public async Task A_read_waits_until_its_models_hold_the_position()
    {
        var app = served.App;
        var key = await app.KeyAsync("acme", "query");
        await MoveAsync(app, 6);

        (await app.GetAsync("/v1/cycles?minPosition=6", key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var waiting = app.GetAsync("/v1/cycles?minPosition=7", key);
        waiting.IsCompleted.ShouldBeFalse();
        await MoveAsync(app, 7);
        (await waiting).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_read_of_the_log_waits_for_the_log_and_says_when_it_was_in_vain()
    {
        var app = served.App;
        var key = await app.KeyAsync("acme", "query");
        await using (var move = app.Database.DataSource.CreateCommand(MoveHead))
            await move.ExecuteNonQueryAsync();

        (await app.GetAsync("/v1/events?minPosition=5", key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var early = await app.GetAsync("/v1/events?minPosition=6", key);
        (await early.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable)).ShouldBe("position_not_reached");
        early.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_not_there_is_404_before_a_position_that_nobody_has_reached_or_that_is_none()
    {
        var app = served.App;
        var key = await app.KeyAsync("acme", "query");
        var started = Stopwatch.GetTimestamp();

        foreach (var position in new[] { "999", "x" })
        {
            var answer = await app.GetAsync($"/v1/nothing?minPosition={position}", key);
            (await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound)).ShouldBe("not_found");
            answer.Headers.GetValues("X-Correlation-Id").Count().ShouldBe(1);
        }

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task Of_those_who_wait_for_a_position_some_of_each_tenant_wait_and_the_others_are_told_at_once()
    {
        var app = served.App;
        var (key, others) = (await app.KeyAsync("patient", "query"), await app.KeyAsync("globex", "query"));

        var started = Stopwatch.GetTimestamp();
        var asked = Enumerable.Range(0, 205).Select(_ => app.GetAsync("/v1/events?minPosition=999999", key)).ToList();
        var told = await await Task.WhenAny(asked);

        // Who waits is told after ten seconds.
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(9.5));
        (await told.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable)).ShouldBe("position_not_reached");
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        asked.Count(one => !one.IsCompleted).ShouldBeGreaterThan(100, "the others wait");
        (await app.GetAsync("/v1/events?minPosition=0", others)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Task.WhenAll(asked);
    }

    [Fact]
    public async Task What_is_not_there_yet_is_waited_for_while_the_log_holds_the_position()
    {
        await using var books = await BooksServer.StartAsync();
        await books.Books.ArriveAsync();
        await using var hold = await books.Books.Log.Database.OpenConnectionAsync();
        await using var held = await hold.BeginTransactionAsync();
        await using (var stop = new NpgsqlCommand("select from ledger.projections for update", hold))
            await stop.ExecuteNonQueryAsync();
        var recorded = await books.Books.RecordAsync(Books.Usage("1", "2026-10-02T10:00:00Z"));

        var waiting = books.GetAsync($"/v1/clients/contoso/cycles?minPosition={recorded.Position}");
        await held.RollbackAsync();

        (await waiting).GetProperty("cycles").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("1.0")]
    [InlineData("99999999999999999999")]
    [InlineData("1&minPosition=2")]
    public async Task A_position_is_digits(string text)
    {
        var app = served.App;

        var answer = await app.GetAsync($"/v1/cycles?minPosition={text}", await app.KeyAsync("acme", "query"));

        (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe("invalid_position");
    }

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_go_on()
    {
        await using var app = await WebApp.StartAsync(server => server.MapGet("/v1/events", () => "events").RequireScope(Scope.Query), new RateLimit(RequestsPerSecond: 1, Burst: 2));
        var (key, other) = (await app.KeyAsync("acme", "query"), await app.KeyAsync("acme", "query"));

        await app.GetAsync("/v1/events", key);
        await app.GetAsync("/v1/events", key);
        var third = await app.GetAsync("/v1/events", key);

        (await third.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests)).ShouldBe("too_many_requests");
        third.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await app.GetAsync("/v1/events", other)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    static void IRoutes.Map(WebApplication app)
    {
        app.MapGet("/v1/cycles", () => "cycles").RequireScope(Scope.Query).WaitsFor("cycle_aggregates");
        app.MapGet("/v1/nothing", () => Problem.NotFound("There is nothing here.")).RequireScope(Scope.Query).WaitsFor("cycle_aggregates");
        app.MapGet("/v1/events", () => "events").RequireScope(Scope.Query);
    }

    private static async Task MoveAsync(WebApp app, long position)
    {
        await using var move = app.Database.DataSource.CreateCommand(MoveModel);
        move.Parameters.Add(new() { Value = position });
        await move.ExecuteNonQueryAsync();
    }
}
