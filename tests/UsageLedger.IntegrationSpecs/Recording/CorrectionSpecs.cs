using System.Text.Json.Nodes;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Recording;

/// <summary>What becomes of usage that is sent again, revised and voided, over HTTP.</summary>
[Collection(RecordingOverHttp.Name)]
public sealed class CorrectionSpecs(RecordingServer server)
{
    private static readonly string Call = Usage.Record("call");
    private static readonly string Longer = Usage.Record("call", ("quantity", "62"));
    private static readonly string Revision = Usage.Record("call", ("quantity", "62"), ("revision", true));

    [Theory]
    [InlineData("quantity", "\"61.500\"")]
    [InlineData("quantity", "6150e-2")]
    [InlineData("occurredAt", "\"2024-10-01T12:00:00.000+02:00\"")]
    [InlineData("currency", "\"USD\"")]
    [InlineData("source", "\"api\"")]
    [InlineData("revision", "true")]
    [InlineData("attributes", "{}")]
    [InlineData("cost", "\"0.123\"")]
    public async Task The_same_content_is_a_duplicate_however_it_is_written(string name, string json)
    {
        var acme = await server.TenantAsync();
        await acme.UsageAsync(Call);

        (await acme.UsageAsync(Usage.Record("call", (name, JsonNode.Parse(json))))).Told.ShouldBe("200 1 duplicates");

        (await server.EventsAsync(acme)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Other_content_is_a_conflict_unless_it_is_sent_as_a_revision()
    {
        var acme = await server.TenantAsync();
        var first = await acme.UsageAsync(Call);

        (await acme.UsageAsync(Longer)).Told.ShouldBe("409 1 conflicts");
        var revised = await acme.UsageAsync(Revision);

        revised.Told.ShouldBe("200 1 revised");
        revised.EventId().ShouldBe(first.EventId());
        revised.Position.ShouldBeGreaterThan(first.Position);
        (await acme.UsageAsync(Revision)).Told.ShouldBe("200 1 duplicates");
        (await acme.UsageAsync(Longer)).Position.ShouldBe(revised.Position);
        (await acme.UsageAsync(Call)).Told.ShouldBe("409 1 conflicts");
        (await server.EventsAsync(acme)).ShouldBe(["usage_recorded client-contoso", "usage_revised client-contoso"]);
    }

    [Fact]
    public async Task A_revision_of_unknown_usage_records_it() =>
        (await (await server.TenantAsync()).UsageAsync(Revision)).Told.ShouldBe("200 1 accepted");

    [Fact]
    public async Task A_revision_may_move_usage_to_another_client()
    {
        var acme = await server.TenantAsync();
        await acme.UsageAsync(Call);

        (await acme.UsageAsync(Usage.Record("call", ("clientId", "fabrikam"), ("revision", true)))).Told.ShouldBe("200 1 revised");

        (await server.EventsAsync(acme)).ShouldBe(
            ["usage_recorded client-contoso", "usage_revised client-contoso", "usage_revised client-fabrikam"], ignoreOrder: true);
    }

    [Fact]
    public async Task One_key_twice_in_a_request_is_judged_in_order()
    {
        var acme = await server.TenantAsync();

        var reply = await acme.UsageAsync(Usage.Array(Call, Call, Longer, Revision, Longer, Call));

        reply.ItemsTold.ShouldBe(["0 accepted", "1 duplicate", "2 conflict key_reused", "3 revised", "4 duplicate", "5 conflict key_reused"]);
        reply.Items.Select(item => (string)item["eventId"]!).Distinct().ShouldHaveSingleItem();
        reply.Items.Select(item => (long)item["position"]! - reply.Position).ShouldBe([-1, -1, -1, 0, 0, 0]);
    }

    [Fact]
    public async Task Keys_belong_to_their_source_and_tenant()
    {
        var (acme, umbrella) = (await server.TenantAsync(), await server.TenantAsync());

        var mine = await acme.UsageAsync(Usage.Array(Call, Usage.Record("call", ("source", "retell"))));
        var theirs = await umbrella.UsageAsync(Longer);

        (mine.Told, theirs.Told).ShouldBe(("200 2 accepted", "200 1 accepted"));
        new[] { mine.EventId(0), mine.EventId(1), theirs.EventId() }.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Voided_usage_stays_voided()
    {
        var acme = await server.TenantAsync();
        var first = await acme.UsageAsync(Call);

        var voided = await acme.VoidAsync(first.EventId(), """{"reason":"billed twice"}""");
        var again = await acme.VoidAsync(first.EventId(), """{"reason":"to be sure"}""");

        voided.Told.ShouldBe("200 1 accepted");
        (voided.EventId(), voided.ItemsTold.Single()).ShouldBe((first.EventId(), "0 accepted"));
        (again.Told, again.Position).ShouldBe(("200 1 duplicates", voided.Position));
        (await acme.UsageAsync(Call)).Told.ShouldBe("200 1 duplicates");
        var late = await acme.UsageAsync(Revision);
        (late.Told, late.Code, late.Position).ShouldBe(("409 1 conflicts", "voided", voided.Position));
        (await acme.UsageAsync(Longer)).Told.ShouldBe("409 1 conflicts");
        (await server.EventsAsync(acme)).ShouldBe(["usage_recorded client-contoso", "usage_voided client-contoso"]);
        JsonNode.Parse((await server.DataAsync(acme))[1])!["reason"]!.GetValue<string>().ShouldBe("billed twice");
    }

    [Fact]
    public async Task Nobody_voids_what_is_not_theirs()
    {
        var (acme, umbrella) = (await server.TenantAsync(), await server.TenantAsync());
        var usage = (await acme.UsageAsync(Call)).EventId();

        var foreign = await umbrella.VoidAsync(usage, """{"reason":"mischief"}""");
        var unknown = await umbrella.VoidAsync(Guid.NewGuid(), """{"reason":"mischief"}""");

        (foreign.Status, foreign.Code).ShouldBe((404, "not_found"));
        Told(foreign).ShouldBe(Told(unknown), "who asks learns nothing");
        (await umbrella.VoidAsync(usage, "{}")).Status.ShouldBe(404, "what is not theirs comes before what is wrong");
        (await umbrella.PostAsync("/v1/usage/call/void", """{"reason":"mischief"}""")).Status.ShouldBe(404);
        (await server.EventsAsync(acme)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_event_of_a_revision_or_void_is_no_usage_to_be_voided()
    {
        var acme = await server.TenantAsync();
        var usage = (await acme.UsageAsync(Usage.Array(Call, Revision))).EventId();
        await acme.VoidAsync(usage, """{"reason":"wrong"}""");

        foreach (var other in (await server.IdsAsync(acme)).Where(id => id != usage))
            (await acme.VoidAsync(other, """{"reason":"wrong"}""")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_reason_has_at_most_500_characters()
    {
        var acme = await server.TenantAsync();
        var usage = (await acme.UsageAsync(Call)).EventId();

        (await acme.VoidAsync(usage, $$"""{"reason":"{{new string('r', 501)}}"}""")).Errors.ShouldBe(["/reason too_long"]);
        (await acme.VoidAsync(usage, $$"""{"reason":"{{new string('r', 500)}}"}""")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{}""", 422, "/reason missing_member")]
    [InlineData("""{"reason":null}""", 422, "/reason missing_member")]
    [InlineData("""{"reason":""}""", 422, "/reason empty")]
    [InlineData("""{"reason":"a\u0000"}""", 422, "/reason control_character")]
    [InlineData("""{"reason":7}""", 422, "/reason wrong_type")]
    [InlineData("""{"reason":"x","why":"y"}""", 422, "/why unknown_member")]
    [InlineData("""{"reason":""", 400, " invalid_json")]
    [InlineData("", 400, " empty_body")]
    [InlineData("[]", 400, " not_an_object")]
    public async Task A_void_needs_a_reason(string body, int status, string error)
    {
        var acme = await server.TenantAsync();
        var usage = (await acme.UsageAsync(Call)).EventId();

        var reply = await acme.VoidAsync(usage, body);

        reply.Status.ShouldBe(status);
        reply.Errors.ShouldBe([error]);
        (await server.EventsAsync(acme)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_reason_holds_500_characters()
    {
        var acme = await server.TenantAsync();
        var usage = (await acme.UsageAsync(Call)).EventId();

        (await acme.VoidAsync(usage, $"{{\"reason\":\"{new string('y', 501)}\"}}")).Errors.ShouldBe(["/reason too_long"]);
        (await acme.VoidAsync(usage, $"{{\"reason\":\"{new string('y', 500)}\"}}")).Told.ShouldBe("200 1 accepted");
    }

    /// <summary>The problem without its traceId.</summary>
    private static string Told(Reply reply)
    {
        var told = reply.Json;
        told.Remove("traceId");
        return told.ToJsonString();
    }
}
