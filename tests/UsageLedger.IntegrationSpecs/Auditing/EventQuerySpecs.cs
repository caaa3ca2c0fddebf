using System.Net;
using System.Text.Json;
using UsageLedger.IntegrationSpecs.Web;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>Auditors find events by what they know of them.</summary>
public sealed class EventQuerySpecs(AuditedLog log) : IClassFixture<AuditedLog>
{
    [Fact]
    public async Task Everybody_sees_the_own_tenant_s_events_in_order()
    {
        var acme = await log.EventsAsync(log.AcmeKey);
        var globex = await log.EventsAsync(log.GlobexKey);

        foreach (var events in new[] { acme, globex })
            events.Select(Position).ShouldBe(events.Select(Position).Order());
        acme.Concat(globex).Select(Position).Order().ShouldBe(Enumerable.Range(1, acme.Count + globex.Count));
        globex.Count.ShouldBe(251);
    }

    [Theory]
    [InlineData("", 7)]
    [InlineData("clientId=contoso", 50)]
    [InlineData("type=usage_recorded&sourceId=retell", 99)]
    public async Task Small_pages_put_together_are_the_large_one(string query, int limit)
    {
        var whole = await log.EventsAsync(log.AcmeKey, query);

        var pages = await log.EventsAsync(log.AcmeKey, query, limit);

        pages.Select(Position).ShouldBe(whole.Select(Position));
    }

    [Theory]
    [InlineData("clientId=contoso")]
    [InlineData("clientId=contoso&type=client_registered")]
    [InlineData("clientId=contoso&sourceId=twilio&type=usage_recorded")]
    [InlineData("clientId=nobody")]
    [InlineData("sourceId=twilio")]
    [InlineData("sourceId=retell&correlationId=corrections")]
    [InlineData("type=usage_revised&type=usage_voided")]
    [InlineData("type=usage_revised,usage_voided")]
    [InlineData("type=client_registered")]
    [InlineData("type=client_registered&type=cycle_closed")]
    [InlineData("type=client_registered&type=usage_voided")]
    [InlineData("type=client_registered&correlationId=first-batch")]
    [InlineData("correlationId=second-batch")]
    [InlineData("correlationId=second-batch&clientId=fabrikam")]
    [InlineData("type=no_such_type")]
    public async Task A_filter_gives_just_the_events_that_match(string query)
    {
        var fields = query.Split('&').Select(pair => pair.Split('=')).ToLookup(pair => pair[0], pair => pair[1]);
        var expected = (await log.EventsAsync(log.AcmeKey)).Where(stored => Matches(stored, fields)).Select(Position).ToList();

        foreach (var limit in new[] { 1000, 3 })
            (await log.EventsAsync(log.AcmeKey, query, limit)).Select(Position).ShouldBe(expected);
    }

    [Fact]
    public async Task Time_is_when_the_log_took_the_event_from_inclusive_to_exclusive()
    {
        var events = await log.EventsAsync(log.AcmeKey);
        var times = events.Select(Time).Distinct().ToList();
        times.Count.ShouldBeGreaterThan(4);
        foreach (var (from, to) in new[] { (0, 1), (1, 3), (2, times.Count - 1), (0, times.Count - 1) })
            foreach (var also in new[] { "", "&clientId=contoso", "&type=client_registered" })
            {
                var found = await log.EventsAsync(log.AcmeKey, $"from={times[from]}&to={times[to]}{also}");

                var all = (await log.EventsAsync(log.AcmeKey, also.TrimStart('&'))).Where(stored => times.IndexOf(Time(stored)) >= from && times.IndexOf(Time(stored)) < to);
                found.Select(Position).ShouldBe(all.Select(Position));
            }

        (await log.EventsAsync(log.AcmeKey, $"from={times[^1]}")).Select(Time).Distinct().ShouldBe([times[^1]]);
        (await log.EventsAsync(log.AcmeKey, "from=2100-01-01T00:00:00Z")).ShouldBeEmpty();
        (await log.EventsAsync(log.AcmeKey, "to=1970-01-01T00:00:00Z")).ShouldBeEmpty();
        (await log.EventsAsync(log.AcmeKey, "from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59.999999Z")).Count.ShouldBe(events.Count);
    }

    [Fact]
    public async Task An_event_comes_with_what_was_said_about_it_later()
    {
        var corrected = await log.Server.JsonAsync($"/v1/ledger/events/{await IdOfAsync("a-0")}", log.AcmeKey);
        var voided = await log.Server.JsonAsync($"/v1/ledger/events/{await IdOfAsync("v-0")}", log.AcmeKey);
        var plain = await log.Server.JsonAsync($"/v1/ledger/events/{await IdOfAsync("b-9")}", log.AcmeKey);

        corrected.GetProperty("event").GetProperty("data").GetProperty("quantity").GetString().ShouldBe("61.5");
        corrected.GetProperty("revisions").EnumerateArray().Select(Type).ShouldBe(["usage_revised"]);
        corrected.GetProperty("revisions")[0].GetProperty("data").GetProperty("current").GetProperty("quantity").GetString().ShouldBe("7");
        voided.GetProperty("revisions").EnumerateArray().Select(Type).ShouldBe(["usage_voided"]);
        plain.GetProperty("revisions").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task An_event_is_found_by_its_position_as_by_its_id()
    {
        foreach (var stored in (await log.EventsAsync(log.AcmeKey)).Where((_, index) => index % 50 == 0))
        {
            var byId = await log.Server.TextAsync($"/v1/ledger/events/{stored.GetProperty("id").GetString()}", log.AcmeKey);
            var byPosition = await log.Server.TextAsync($"/v1/ledger/events/{Position(stored)}", log.AcmeKey);

            byPosition.ShouldBe(byId);
            JsonSerializer.Deserialize<JsonElement>(byId).GetProperty("event").GetRawText().ShouldBe(stored.GetRawText());
        }
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=ten")]
    [InlineData("limit=1&limit=2")]
    [InlineData("from=yesterday")]
    [InlineData("from=2026-10-01T00:00:00")]
    [InlineData("from=2026-10-02T00:00:00Z&to=2026-10-01T00:00:00Z")]
    [InlineData("cursor=nonsense")]
    [InlineData("clientId=a%00b")]
    [InlineData("sourceId=a%0Ab")]
    [InlineData("correlationId=%7F")]
    [InlineData("type=a%00b")]
    [InlineData("type=Usage%20Recorded")]
    [InlineData("minPosition=-1")]
    [InlineData("minPosition=x")]
    public async Task What_makes_no_sense_is_refused(string query)
    {
        using var answer = await log.Server.GetAsync("/v1/ledger/events?" + query, log.AcmeKey);

        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_page_holds_a_hundred_unless_asked_otherwise()
    {
        var page = await log.Server.JsonAsync("/v1/ledger/events", log.AcmeKey);

        page.GetProperty("events").GetArrayLength().ShouldBe(100);
        page.GetProperty("nextCursor").GetString().ShouldNotBeNull();
    }

    private async Task<string> IdOfAsync(string key) => (await log.EventsAsync(log.AcmeKey, "type=usage_recorded"))
        .Single(stored => stored.GetProperty("data").GetProperty("idempotencyKey").GetString() == key).GetProperty("id").GetString()!;

    private static bool Matches(JsonElement stored, ILookup<string, string> fields) =>
        fields["clientId"].All(client => stored.GetProperty("stream").GetString() is { } stream && (stream == "client-" + client || stream == "registration-" + client))
        && fields["sourceId"].All(source => Source(stored.GetProperty("data")) == source)
        && (!fields.Contains("type") || fields["type"].SelectMany(types => types.Split(',')).Contains(Type(stored)))
        && fields["correlationId"].All(correlation => stored.GetProperty("correlationId").GetString() == correlation);

    private static string? Source(JsonElement data) =>
        data.TryGetProperty("source", out var source) ? source.GetString()
        : data.TryGetProperty("previous", out var previous) ? previous.GetProperty("source").GetString()
        : null;

    private static int Position(JsonElement stored) => stored.GetProperty("position").GetInt32();

    private static string Type(JsonElement stored) => stored.GetProperty("type").GetString()!;

    private static string Time(JsonElement stored) => stored.GetProperty("timestamp").GetString()!;
}
