using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using NodaTime;
using UsageLedger.Access;

namespace UsageLedger.IntegrationSpecs.Web;

public sealed class KeySpecs
{
    private static readonly TimeSpan RevocationMax = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_key_names_its_tenant()
    {
        await using var app = await WebApp.StartAsync(Routes);

        (await app.Client.GetAsync("/open")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await app.GetAsync("/v1/who", await app.KeyAsync("acme", "query"));

        (await answer.Content.ReadAsStringAsync()).ShouldBe("acme");
    }

    [Fact]
    public async Task Without_a_good_key_nothing_is_told()
    {
        await using var app = await WebApp.StartAsync(Routes);
        await app.KeyAsync("acme", "query");

        foreach (var path in (string[])["/v1/who", "/v1/no-such-route", "/v1/refuses"])
            foreach (var key in (string?[])[null, "", "nonsense", KeySecret.New()])
            {
                var answer = await app.SendAsync(HttpMethod.Get, path, key);
                (await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized)).ShouldBe("key_required");
                answer.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
            }
    }

    [Fact]
    public async Task A_scope_is_asked_for_before_anything_else()
    {
        await using var app = await WebApp.StartAsync(Routes);
        using var nonsense = new StringContent("nonsense", Encoding.UTF8, "text/plain");

        var answer = await app.SendAsync(HttpMethod.Post, "/v1/refuses", await app.KeyAsync("acme", "query"), nonsense);

        (await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden)).ShouldBe("scope_missing");
    }

    [Fact]
    public async Task Admin_may_do_everything()
    {
        await using var app = await WebApp.StartAsync(Routes);

        (await app.GetAsync("/v1/who", await app.KeyAsync("acme", "admin"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_within_seconds()
    {
        await using var app = await WebApp.StartAsync(Routes);
        var made = await app.NewKeyAsync("acme", "query");
        (await app.GetAsync("/v1/who", made.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var revoked = await RevokeKeyHandler.Handle(
            new RevokeKey("acme", made.Key.Id), app.Database.DataSource, SystemClock.Instance, CancellationToken.None);
        revoked!.RevokedAt.ShouldNotBeNull();

        var asked = Stopwatch.GetTimestamp();
        while ((await app.GetAsync("/v1/who", made.Secret)).StatusCode != HttpStatusCode.Unauthorized)
        {
            Stopwatch.GetElapsedTime(asked).ShouldBeLessThan(RevocationMax);
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task An_expired_key_is_refused()
    {
        await using var app = await WebApp.StartAsync(Routes);
        var command = new CreateKey("acme", ["query"], ExpiresAt: Instant.FromUtc(2001, 1, 1, 0, 0));
        var made = await CreateKeyHandler.Handle(command, app.Database.DataSource, SystemClock.Instance, CancellationToken.None);

        (await app.GetAsync("/v1/who", made.Created!.Secret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_first_key_makes_the_tenant_and_a_foreign_tenant_cannot_revoke_it()
    {
        await using var app = await WebApp.StartAsync(Routes);

        var first = await app.NewKeyAsync("acme", "query");
        first.TenantIsNew.ShouldBeTrue();
        (await app.NewKeyAsync("acme", "audit")).TenantIsNew.ShouldBeFalse();

        var revoke = new RevokeKey("other", first.Key.Id);
        (await RevokeKeyHandler.Handle(revoke, app.Database.DataSource, SystemClock.Instance, CancellationToken.None)).ShouldBeNull();
        var listed = await ListKeysHandler.Handle(new ListKeys("acme"), app.Database.DataSource, CancellationToken.None);
        listed.Select(key => key.Scopes.ToString()).ShouldBe(["query", "audit"]);
    }

    [Theory]
    [InlineData("Acme", "query", "invalid_tenant")]
    [InlineData("acme", "everything", "unknown_scope")]
    public async Task A_key_that_makes_no_sense_is_not_made(string tenant, string scope, string code)
    {
        await using var app = await WebApp.StartAsync(Routes);

        var made = await CreateKeyHandler.Handle(
            new CreateKey(tenant, [scope]), app.Database.DataSource, SystemClock.Instance, CancellationToken.None);

        made.Created.ShouldBeNull();
        made.Refusal!.Code.ShouldBe(code);
    }

    [Fact]
    public async Task The_last_use_is_known_when_the_host_has_stopped()
    {
        await using var app = await WebApp.StartAsync(Routes);
        await app.GetAsync("/v1/who", await app.KeyAsync("acme", "query"));

        await app.StopAsync();

        var keys = await ListKeysHandler.Handle(new ListKeys("acme"), app.Database.DataSource, CancellationToken.None);
        keys.Single().LastUsedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_route_that_does_not_say_who_may_use_it_stops_the_start() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => WebApp.StartAsync(app => app.MapGet("/v1/forgotten", () => "?"))))
            .Message.ShouldContain("/v1/forgotten");

    private static void Routes(WebApplication app)
    {
        app.MapGet("/open", () => "open").AllowWithoutKey();
        app.MapGet("/v1/who", (ApiCaller caller) => caller.Tenant).RequireScope(Scope.Query);
        app.MapPost("/v1/refuses", (int never) => never).RequireScope(Scope.Ingest);
        app.MapGet("/v1/refuses", (int never) => never).RequireScope(Scope.Ingest);
    }
}
