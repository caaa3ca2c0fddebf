using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Serilog;
using Serilog.Events;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Host.Logging;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Web;

public sealed class IdempotencySpecs
{
    private const string CountKeys = "select count(*) from ledger.idempotency_keys";
    private const string MakeOld = "update ledger.idempotency_keys set created_at = now() - interval '26 hours', leased_until = now() - interval '26 hours'";
    private const string EndLeases = "update ledger.idempotency_keys set leased_until = now() - interval '1 second'";

    private int _worked;

    [Fact]
    public async Task The_same_key_and_body_have_the_same_answer()
    {
        await using var app = await WebApp.StartAsync(Routes);
        var key = await app.KeyAsync("acme", "ingest");

        var first = await PostAsync(app, "/v1/made", key, "k1", "{}");
        var again = await PostAsync(app, "/v1/made", key, "k1", "{}");

        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        again.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType);
        (await again.Content.ReadAsByteArrayAsync()).ShouldBe(await first.Content.ReadAsByteArrayAsync());
        _worked.ShouldBe(1);
    }

    [Fact]
    public async Task Another_body_or_query_under_the_key_is_refused()
    {
        await using var app = await WebApp.StartAsync(Routes);
        var key = await app.KeyAsync("acme", "ingest");
        await PostAsync(app, "/v1/made", key, "k1", "{}");

        (await (await PostAsync(app, "/v1/made", key, "k1", "{ }")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity))
            .ShouldBe("idempotency_key_reused");
        (await (await PostAsync(app, "/v1/made?items=problems", key, "k1", "{}")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity))
            .ShouldBe("idempotency_key_reused");
    }

    [Fact]
    public async Task Another_media_type_under_the_key_is_refused_and_its_parameters_do_not_matter()
    {
        await using var app = await WebApp.StartAsync(Routes);
        var key = await app.KeyAsync("acme", "ingest");
        await PostAsync(app, "/v1/made", key, "k1", "{}");

        var lines = await PostAsync(app, "/v1/made", key, "k1", "{}", mediaType: "application/x-ndjson");
        (await lines.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity)).ShouldBe("idempotency_key_reused");
        var plain = await PostAsync(app, "/v1/made", key, "k1", "{}", mediaType: "Application/JSON");
        plain.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
    }

    [Fact]
    public async Task Work_is_waited_for_and_answered_though_its_lease_cannot_be_renewed()
    {
        var finish = new TaskCompletionSource();
        var lines = new StringWriter();
        await using var log = LedgerLogging.Create("json", LogEventLevel.Warning, lines);
        await using var app = await WebApp.StartAsync(
            server => server.MapPost("/v1/slow", async () => { Interlocked.Increment(ref _worked); await finish.Task; return "done"; }).RequireScope(Scope.Ingest),
            logging: logging => logging.AddSerilog(log));
        var key = await app.KeyAsync("acme", "ingest");

        var first = PostAsync(app, "/v1/slow", key, "k1", "{}");
        await SpecLog.UntilAsync(() => Task.FromResult(Volatile.Read(ref _worked) == 1), "the work has begun");
        await ExecuteAsync(app, "alter table ledger.idempotency_keys rename to away");
        await SpecLog.UntilAsync(() => Task.FromResult(first.IsCompleted || lines.ToString().Contains("could not be renewed", StringComparison.Ordinal)), "a renewal fails");
        first.IsCompleted.ShouldBeFalse();
        await ExecuteAsync(app, "alter table ledger.away rename to idempotency_keys");
        finish.SetResult();

        (await (await first).Content.ReadAsStringAsync()).ShouldBe("done");
        (await PostAsync(app, "/v1/slow", key, "k1", "{}")).Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        _worked.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_belongs_to_its_tenant_and_route()
    {
        await using var app = await WebApp.StartAsync(Routes);

        await PostAsync(app, "/v1/made", await app.KeyAsync("acme", "ingest"), "k1", "{}");
        await PostAsync(app, "/v1/made", await app.KeyAsync("other", "ingest"), "k1", "{}");
        await PostAsync(app, "/v1/made/7", await app.KeyAsync("acme", "ingest"), "k1", "{}");
        _worked.ShouldBe(3);

        await PostAsync(app, "/v1/made", await app.KeyAsync("acme", "ingest"), "k1", "{}");
        _worked.ShouldBe(3, "another key of the same tenant");
    }

    [Fact]
    public async Task Refusals_are_kept_and_failures_are_not()
    {
        await using var app = await WebApp.StartAsync(Routes);
        var key = await app.KeyAsync("acme", "ingest");

        var refused = await PostAsync(app, "/v1/refused", key, "k1", "{}");
        var again = await PostAsync(app, "/v1/refused", key, "k1", "{}");
        (await again.Content.ReadAsStringAsync()).ShouldBe(await refused.Content.ReadAsStringAsync());
        await again.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity);
        _worked.ShouldBe(1);

        await PostAsync(app, "/v1/fails", key, "k1", "{}");
        var failed = await PostAsync(app, "/v1/fails", key, "k1", "{}");
        await failed.ShouldBeProblemAsync(HttpStatusCode.InternalServerError);
        failed.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        _worked.ShouldBe(3);
    }

    [Fact]
    public async Task While_a_key_is_worked_on_it_is_in_conflict_until_its_lease_ends()
    {
        var finish = new TaskCompletionSource();
        await using var app = await WebApp.StartAsync(server =>
            server.MapPost("/v1/slow", async () => { Interlocked.Increment(ref _worked); await finish.Task; }).RequireScope(Scope.Ingest));
        var key = await app.KeyAsync("acme", "ingest");

        var first = PostAsync(app, "/v1/slow", key, "k1", "{}");
        while (Volatile.Read(ref _worked) == 0)
            await Task.Delay(10);
        var meanwhile = await PostAsync(app, "/v1/slow", key, "k1", "{}");
        (await meanwhile.ShouldBeProblemAsync(HttpStatusCode.Conflict)).ShouldBe("idempotency_key_in_flight");
        meanwhile.Headers.RetryAfter.ShouldNotBeNull();

        await ExecuteAsync(app, EndLeases);
        var second = PostAsync(app, "/v1/slow", key, "k1", "{}");
        while (Volatile.Read(ref _worked) == 1)
            await Task.Delay(10);
        finish.SetResult();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await second).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PostAsync(app, "/v1/slow", key, "k1", "{}")).Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
    }

    [Fact]
    public async Task A_caller_that_leaves_finds_the_answer_when_it_returns()
    {
        var finish = new TaskCompletionSource();
        await using var app = await WebApp.StartAsync(server => server.MapPost("/v1/slow", async (CancellationToken ct) =>
        {
            Interlocked.Increment(ref _worked);
            await finish.Task.WaitAsync(ct);
            return "done";
        }).RequireScope(Scope.Ingest));
        var key = await app.KeyAsync("acme", "ingest");

        using var leaving = new CancellationTokenSource();
        var first = PostAsync(app, "/v1/slow", key, "k1", "{}", ct: leaving.Token);
        while (Volatile.Read(ref _worked) == 0)
            await Task.Delay(10);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        finish.SetResult();

        HttpResponseMessage answer;
        do
            answer = await PostAsync(app, "/v1/slow", key, "k1", "{}");
        while (answer.StatusCode == HttpStatusCode.Conflict);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("done");
        answer.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
        _worked.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_key_and_on_webhooks_nothing_is_kept()
    {
        await using var app = await WebApp.StartAsync(Routes);
        var key = await app.KeyAsync("acme", "ingest");

        await PostAsync(app, "/v1/made", key, null, "{}");
        await PostAsync(app, "/v1/hook", null, "k1", "{}");
        await PostAsync(app, "/v1/hook", null, "k1", "{}");

        _worked.ShouldBe(3);
        (await ScalarAsync(app, CountKeys)).ShouldBe(0L);
    }

    [Fact]
    public async Task A_key_without_sense_is_a_bad_request()
    {
        await using var app = await WebApp.StartAsync(Routes);

        var answer = await PostAsync(app, "/v1/made", await app.KeyAsync("acme", "ingest"), new string('k', 256), "{}");

        (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest)).ShouldBe("invalid_idempotency_key");
    }

    [Fact]
    public async Task Answers_are_forgotten_after_a_day()
    {
        await using var app = await WebApp.StartAsync(Routes);
        var key = await app.KeyAsync("acme", "ingest");
        await PostAsync(app, "/v1/made", key, "k1", "{}");
        (await IdempotencyPurge.RunAsync(app.Database.DataSource, CancellationToken.None)).ShouldBe(0);

        await ExecuteAsync(app, MakeOld);

        (await IdempotencyPurge.RunAsync(app.Database.DataSource, CancellationToken.None)).ShouldBe(1);
    }

    private void Routes(WebApplication app)
    {
        app.MapPost("/v1/made/{id?}", (HttpContext context) =>
        {
            var made = Interlocked.Increment(ref _worked);
            return Results.Created($"/v1/made/{made}", new { made, context.TraceIdentifier });
        }).RequireScope(Scope.Ingest);
        app.MapPost("/v1/refused", () =>
        {
            Interlocked.Increment(ref _worked);
            return Results.StatusCode(422);
        }).RequireScope(Scope.Ingest);
        app.MapPost("/v1/fails", void () =>
        {
            Interlocked.Increment(ref _worked);
            throw new InvalidOperationException();
        }).RequireScope(Scope.Ingest);
        app.MapPost("/v1/hook", () => Interlocked.Increment(ref _worked)).AllowWithoutKey().WithoutIdempotency();
    }

    private static Task<HttpResponseMessage> PostAsync(
        WebApp app, string path, string? key, string? idempotencyKey, string body, string? mediaType = null, CancellationToken ct = default)
    {
        var content = mediaType is null ? new StringContent(body, Encoding.UTF8, "application/json") : new StringContent(body, new MediaTypeHeaderValue(mediaType));
        return app.SendAsync(HttpMethod.Post, path, key, content, ct, idempotencyKey is null ? [] : [("Idempotency-Key", idempotencyKey)]);
    }

    private static async Task ExecuteAsync(WebApp app, string statement) => await ScalarAsync(app, statement);

    private static async Task<object?> ScalarAsync(WebApp app, string statement)
    {
        await using var command = app.Database.DataSource.CreateCommand(statement);
        return await command.ExecuteScalarAsync();
    }
}
