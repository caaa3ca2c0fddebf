using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using UsageLedger.Access;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>
/// No route tells one tenant anything of another's: tried over every route that the OpenAPI document names, so that what is added
/// tomorrow is tried too, and fails here until this spec knows how it is asked.
/// </summary>
public sealed partial class IsolationSpecs(TwoTenants world) : IClassFixture<TwoTenants>
{
    private static readonly string[] Scopes = ["ingest", "query", "collect", "audit", "admin"];

    /// <summary>Hashes of the one log of all tenants; ADR 4 says why everybody may read them.</summary>
    private static readonly string[] OfTheWholeLog = ["/v1/ledger/checkpoint", "/v1/ledger/consistency", "/v1/ledger/public-key", "/v1/ledger/tile/{path}", "/v1/providers"];

    [Fact]
    public async Task Without_a_good_key_every_route_answers_the_same()
    {
        var bad = new[] { null, "", "nonsense", KeySecret.New(), await ExpiredAsync(), await RevokedAsync() };
        foreach (var route in Keyed())
        {
            foreach (var key in bad)
            {
                var reply = await AskAsync(world.TheOther with { Key = key }, route, RouteCalls.Paths(route, world.Theirs).First(), world.Theirs);
                (reply.Status, reply.Code).ShouldBe((401, "key_required"), $"{route.Name} {key}");
                Untraced(reply.Text).ShouldBe(Untraced((await (world.TheOther with { Key = null }).GetAsync("/v1/no-such-route")).Text), route.Name);
            }
        }
    }

    [Fact]
    public async Task Without_its_scope_no_route_answers()
    {
        foreach (var needed in Scopes)
        {
            var others = Scopes.Where(scope => scope != needed && scope != "admin").ToArray();
            var caller = await world.Ledger.CallerAsync(TwoTenants.Owner, others);
            foreach (var route in Keyed().Where(route => route.Scope == needed))
            {
                var reply = await AskAsync(caller, route, RouteCalls.Paths(route, world.Theirs).First(), world.Theirs);
                (reply.Status, reply.Code).ShouldBe((403, "scope_missing"), route.Name);
                Leaks(reply, world.Theirs).ShouldBeEmpty(route.Name);
            }
        }
    }

    [Fact]
    public async Task What_is_anothers_is_answered_as_what_is_not_there()
    {
        var before = await OwnersAnswersAsync();
        before.Values.ShouldAllBe(reply => reply.Status == 200, "or nothing would be tried");
        string.Concat(before.Values.Select(reply => reply.Text)).ShouldContain(TwoTenants.Mark);

        // Reads first, then what changes things: a PUT under the owner's name makes the other's own thing of that name.
        foreach (var route in Keyed().OrderBy(route => "GET DELETE POST PUT".IndexOf(route.Method, StringComparison.Ordinal)))
        {
            var calls = RouteCalls.Paths(route, world.Theirs).Zip(RouteCalls.Paths(route, ThingIds.OfNothing));
            foreach (var (theirs, nothing) in calls)
            {
                var ofTheirs = await AskAsync(world.TheOther, route, theirs, world.Theirs);
                var ofNothing = await AskAsync(world.TheOther, route, nothing, ThingIds.OfNothing);
                Leaks(ofTheirs, world.Theirs).ShouldBeEmpty($"{route.Name} as {theirs}: {ofTheirs.Text}");
                $"{ofTheirs.Status} {Plain(ofTheirs, world.Theirs)}".ShouldBe($"{ofNothing.Status} {Plain(ofNothing, ThingIds.OfNothing)}", $"{route.Name} as {theirs}");
            }
        }

        // Now the other has things under all those names, and still sees only them.
        foreach (var route in Keyed().Where(route => route.IsRead))
            foreach (var path in RouteCalls.Paths(route, world.Theirs))
                Leaks(await AskAsync(world.TheOther, route, path, world.Theirs), world.Theirs).ShouldBeEmpty($"{route.Name} as {path}");

        foreach (var (path, reply) in await OwnersAnswersAsync())
            Plain(reply, world.Theirs).ShouldBe(Plain(before[path], world.Theirs), $"the owner's {path} is as it was");
    }

    [Fact]
    public async Task The_place_in_anothers_list_is_a_place_in_the_own()
    {
        var followed = 0;
        foreach (var route in Keyed().Where(route => route.IsRead && route.Parameters("query").Any(parameter => parameter.Name == "cursor")))
        {
            var path = RouteCalls.Paths(route, world.Theirs).First();
            var page = await world.TheOwner.GetAsync(path + (path.Contains('?') ? "&" : "?") + "limit=1");
            if (JsonNode.Parse(page.Text) is JsonObject list && (string?)list["nextCursor"] is { } cursor)
            {
                followed++;
                var reply = await world.TheOther.GetAsync($"{path}{(path.Contains('?') ? "&" : "?")}cursor={cursor}");
                Leaks(reply, world.Theirs).ShouldBeEmpty($"{route.Name}: {reply.Text}");
            }
        }

        followed.ShouldBeGreaterThan(2, "or nothing would be tried");
    }

    [Fact]
    public async Task An_answer_kept_for_one_tenant_is_not_told_to_another()
    {
        var body = TwoTenants.Usage("first", ""","clientId":"contoso","agentId":"front","occurredAt":"2026-09-15T10:00:00Z" """);

        var again = await world.TheOwner.UsageAsync(body, Caller.Json, ("Idempotency-Key", TwoTenants.IdempotencyKey));
        var others = await (await world.Ledger.CallerAsync("a-third")).UsageAsync(body, Caller.Json, ("Idempotency-Key", TwoTenants.IdempotencyKey));

        (again.Told, again.Header("Idempotency-Replayed")).ShouldBe(("200 1 accepted", "true"));
        (others.Told, others.Header("Idempotency-Replayed")).ShouldBe(("200 1 accepted", ""));
        others.EventId().ShouldNotBe(again.EventId());
    }

    [GeneratedRegex("\"traceId\":\"[^\"]*\"")]
    private static partial Regex Trace();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    /// <summary>Where the whole log stands, which everybody's recording moves.</summary>
    [GeneratedRegex("(\"(position|asOf)\":)\\d+(,\"rootHash\":\"[0-9a-f]+\")?")]
    private static partial Regex Standing();

    private static string Untraced(string text) => Trace().Replace(text, "\"traceId\":\"\"");

    /// <summary>The answer without what differs from one asking to the next, and without the names that were asked for.</summary>
    private static string Plain(Reply reply, ThingIds ids) => Standing().Replace(Uuid().Replace(ids.Forget(Untraced(reply.Text)), "<uuid>"), "$1<n>");

    /// <summary>What of the owner's an answer tells that it was not asked with.</summary>
    private static List<string> Leaks(Reply reply, ThingIds asked)
    {
        var told = $"{asked.Forget(reply.Text)} {reply.Headers}";
        return [.. new[] { TwoTenants.Mark, TwoTenants.Amount }.Where(mark => told.Contains(mark, StringComparison.Ordinal))];
    }

    private IEnumerable<ApiRoute> Keyed() => world.Routes.Where(route => route.Scope is not null);

    private static Task<Reply> AskAsync(Caller caller, ApiRoute route, string path, ThingIds ids) =>
        caller.SendAsync(new HttpMethod(route.Method), path, RouteCalls.Body(route, ids));

    /// <summary>What the owner reads of its own, by address.</summary>
    private async Task<Dictionary<string, Reply>> OwnersAnswersAsync()
    {
        var answers = new Dictionary<string, Reply>();
        var head = (await world.Ledger.RowsAsync("select max(seq_id) from ledger.mt_events")).Single();
        foreach (var route in Keyed().Where(route => route.IsRead && !OfTheWholeLog.Contains(route.Path) && !route.Path.EndsWith("/proof", StringComparison.Ordinal)))
            foreach (var path in RouteCalls.Paths(route, world.Theirs))
                answers[path] = await world.TheOwner.GetAsync($"{path}{(path.Contains('?') ? "&" : "?")}minPosition={head}");
        return answers;
    }

    private async Task<string> ExpiredAsync() =>
        (await CreateKeyHandler.Handle(
            new CreateKey(TwoTenants.Owner, Scopes, ExpiresAt: world.Ledger.Clock.Now - Duration.FromSeconds(1)), world.Ledger.Database, world.Ledger.Clock, default)).Created!.Secret;

    private async Task<string> RevokedAsync()
    {
        var made = (await CreateKeyHandler.Handle(new CreateKey(TwoTenants.Owner, Scopes), world.Ledger.Database, world.Ledger.Clock, default)).Created!;
        (await RevokeKeyHandler.Handle(new RevokeKey(TwoTenants.Owner, made.Key.Id), world.Ledger.Database, world.Ledger.Clock, default)).ShouldNotBeNull();
        return made.Secret;
    }
}
