using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.IntegrationSpecs.Web;

public sealed class ProblemSpecs(Served<ProblemSpecs> served) : IClassFixture<Served<ProblemSpecs>>, IRoutes
{
    private const string Divide = "select 1 / 0";
    private const string Cancelled = "do $$ begin raise exception using errcode = '57014'; end $$";

    [Theory]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound, "not_found")]
    [InlineData("DELETE", "/v1/fails", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("GET", "/v1/number?n=x", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("GET", "/v1/fails", HttpStatusCode.InternalServerError, "internal_error")]
    [InlineData("GET", "/v1/busy", HttpStatusCode.ServiceUnavailable, "log_busy")]
    [InlineData("GET", "/v1/foreign", HttpStatusCode.ServiceUnavailable, "log_blocked")]
    [InlineData("GET", "/v1/torn", HttpStatusCode.ServiceUnavailable, "log_blocked")]
    [InlineData("GET", "/v1/wrong-sql", HttpStatusCode.InternalServerError, "internal_error")]
    [InlineData("GET", "/v1/stopped-sql", HttpStatusCode.ServiceUnavailable, "database_unavailable")]
    [InlineData("GET", "/v1/no-database", HttpStatusCode.ServiceUnavailable, "database_unavailable")]
    [InlineData("GET", "/v1/endless", HttpStatusCode.ServiceUnavailable, "timed_out")]
    [InlineData("POST", "/v1/endless", HttpStatusCode.ServiceUnavailable, "timed_out")]
    [InlineData("POST", "/v1/half", HttpStatusCode.InternalServerError, "internal_error")]
    [InlineData("GET", "/v1/own", HttpStatusCode.Conflict, "cycle_not_ended")]
    public async Task Whatever_goes_wrong_is_a_problem(string method, string path, HttpStatusCode status, string code)
    {
        var app = served.App;

        var answer = await app.SendAsync(new HttpMethod(method), path, await app.KeyAsync("acme", "admin"), null, ("Idempotency-Key", path));

        (await answer.ShouldBeProblemAsync(status)).ShouldBe(code);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("secret");
        (answer.Headers.RetryAfter is not null).ShouldBe(status == HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Half_an_answer_is_never_taken_for_one()
    {
        var answer = await served.App.GetAsync("/v1/half", await served.App.KeyAsync("acme", "admin"));

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("text/plain", "{}", HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")]
    [InlineData("application/json", "{", HttpStatusCode.BadRequest, "invalid_json")]
    [InlineData("application/json", """{"name":"x","nmae":"y"}""", HttpStatusCode.UnprocessableEntity, "unknown_member")]
    [InlineData("application/json; charset=utf-8", """{"name":"x"}""", HttpStatusCode.OK, null)]
    public async Task A_command_body_is_read_strictly(string type, string body, HttpStatusCode status, string? code)
    {
        var app = served.App;
        using var content = new StringContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);

        var answer = await app.SendAsync(HttpMethod.Post, "/v1/named", await app.KeyAsync("acme", "admin"), content);

        if (code is null)
            (await answer.Content.ReadAsStringAsync()).ShouldBe("x");
        else
            (await answer.ShouldBeProblemAsync(status)).ShouldBe(code);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_whether_or_not_it_says_so()
    {
        var app = served.App;
        var key = await app.KeyAsync("acme", "admin");
        foreach (var chunked in (bool[])[false, true])
        {
            using var content = new StringContent(new string(' ', CommandBody.BytesMax + 1), Encoding.UTF8, "application/json");
            var answer = await app.SendAsync(
                HttpMethod.Post, "/v1/named", key, content, chunked ? [("Transfer-Encoding", "chunked")] : []);
            (await answer.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge)).ShouldBe("too_large");
        }
    }

    [Fact]
    public async Task The_correlation_id_is_taken_or_made()
    {
        var app = served.App;
        var key = await app.KeyAsync("acme", "admin");

        var taken = await app.SendAsync(HttpMethod.Get, "/v1/correlation", key, null, ("X-Correlation-Id", "order:7"));
        (await taken.Content.ReadAsStringAsync()).ShouldBe("order:7");
        taken.Headers.GetValues("X-Correlation-Id").ShouldBe(["order:7"]);

        var made = await app.SendAsync(HttpMethod.Get, "/v1/correlation", key, null, ("X-Correlation-Id", "not valid!"));
        (await made.Content.ReadAsStringAsync()).ShouldMatch("^[0-9a-f]{32}$");
        (await app.GetAsync("/v1/fails", null)).Headers.GetValues("X-Correlation-Id").Count().ShouldBe(1, "refused requests have one too");
    }

    static void IRoutes.Map(WebApplication app)
    {
        var routes = app.MapGroup("/v1").RequireScope(Scope.Query);
        routes.MapGet("/number", (int n) => n);
        routes.MapGet("/fails", void () => throw new InvalidOperationException("secret"));
        routes.MapGet("/busy", void () => throw new LogBusyException("secret"));
        routes.MapGet("/foreign", void () => throw new ForeignAppendException("secret"));
        routes.MapGet("/torn", void () => throw new TornTreeException("secret", new InvalidOperationException("secret")));
        routes.MapGet("/wrong-sql", (NpgsqlDataSource database) => RunAsync(database, Divide));
        routes.MapGet("/stopped-sql", (NpgsqlDataSource database) => RunAsync(database, Cancelled));
        routes.MapGet("/no-database", async () =>
        {
            await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=x;Password=secret;Timeout=1");
            await RunAsync(nowhere, Divide);
        });
        routes.MapGet("/own", () => Problem.Conflict("cycle_not_ended", "The cycle ends later.").With("end", "2026-11-01"));
        routes.MapGet("/correlation", (HttpContext context) => context.CorrelationId());
        routes.MapMethods("/endless", ["GET", "POST"], (CancellationToken ct) => Task.Delay(Timeout.Infinite, ct)).MayTake(TimeSpan.FromMilliseconds(50));
        routes.MapMethods("/half", ["GET", "POST"], (HttpContext context) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.BodyWriter.Write("{\"half\":"u8);
            throw new InvalidOperationException("secret");
        });
        routes.MapPost("/named", NamedAsync);
    }

    private static async Task<IResult> NamedAsync(HttpRequest request, CancellationToken ct)
    {
        var body = await CommandBody.ReadAsync(request, ct);
        var name = body.Fields.RequiredText("name");
        return body.Problem ?? body.Fields.Problem() ?? Results.Text(name);
    }

    private static async Task RunAsync(NpgsqlDataSource database, string statement)
    {
        await using var command = database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
