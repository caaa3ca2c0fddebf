using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Recording;

/// <summary>What POST /v1/usage says, and with which status.</summary>
[Collection(RecordingOverHttp.Name)]
public sealed class AnswerSpecs(RecordingServer server)
{
    private static readonly string[] Counts = ["accepted", "duplicates", "revised", "conflicts", "rejected", "position", "items"];
    private static readonly string[] Problem = ["type", "title", "status", "detail", "code", "traceId", "errors"];

    private static string Bad(string key) => Usage.Record(key, ("quantity", "-1"));

    [Fact]
    public async Task The_answer_has_the_members_it_should_have()
    {
        var acme = await server.TenantAsync();
        await acme.UsageAsync(Usage.Record("reused"));

        var reply = await acme.UsageAsync(Usage.Array(Usage.Record("new"), Usage.Record("reused", ("quantity", "7")), Bad("bad")));

        reply.Status.ShouldBe(200);
        reply.ContentType!.ToString().ShouldBe("application/json");
        reply.Json.Select(member => member.Key).ShouldBe(Counts);
        reply.Items.Select(item => string.Join(' ', item.Select(member => member.Key))).ShouldBe(
        [
            "index status eventId position", "index status eventId position code message", "index status code message errors"
        ]);
        reply.Items[2]["errors"]![0]!.AsObject().Select(member => member.Key).ShouldBe(["pointer", "message", "code"]);
        reply.Header("X-Correlation-Id").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task While_anything_is_recorded_or_was_before_the_status_is_200()
    {
        var acme = await server.TenantAsync();

        (await acme.UsageAsync(Usage.Array(Usage.Record("one"), Bad("bad")))).Told.ShouldBe("200 1 accepted 1 rejected");
        (await acme.UsageAsync(Usage.Array(Usage.Record("one"), Bad("bad")))).Told.ShouldBe("200 1 duplicates 1 rejected");
        (await acme.UsageAsync(Usage.Array(Usage.Record("one", ("quantity", "7"), ("revision", true)), Bad("bad")))).Told.ShouldBe("200 1 revised 1 rejected");
    }

    [Fact]
    public async Task When_all_is_refused_and_something_was_wrong_in_itself_it_is_a_422_problem_with_the_answer_in_it()
    {
        var acme = await server.TenantAsync();
        await acme.UsageAsync(Usage.Record("one"));

        var reply = await acme.UsageAsync(Usage.Array(Usage.Record("one", ("quantity", "7")), Usage.Record("two", ("unit", null), ("cost", "much"))));

        reply.Told.ShouldBe("422 1 conflicts 1 rejected");
        reply.ContentType!.ToString().ShouldBe("application/problem+json");
        reply.Json.Select(member => member.Key).ShouldBe([.. Problem, .. Counts], ignoreOrder: true);
        reply.Errors.ShouldBe(["/1/cost not_a_number", "/1/unit missing_member"], ignoreOrder: true);
        reply.ItemsTold.ShouldBe(["0 conflict key_reused", $"1 rejected {reply.Items[1]["code"]}"]);
    }

    [Fact]
    public async Task When_all_are_conflicts_it_is_a_409_problem_with_the_answer_in_it()
    {
        var acme = await server.TenantAsync();
        var known = await acme.UsageAsync(Usage.Record("one"));

        var reply = await acme.UsageAsync(Usage.Record("one", ("quantity", "7")));

        reply.Told.ShouldBe("409 1 conflicts");
        reply.Code.ShouldBe("key_reused");
        reply.ContentType!.ToString().ShouldBe("application/problem+json");
        reply.Json.Select(member => member.Key).ShouldBe([.. Problem, .. Counts], ignoreOrder: true);
        (reply.EventId(), reply.Position).ShouldBe((known.EventId(), known.Position));
    }

    [Fact]
    public async Task The_pointer_names_the_place_in_the_body()
    {
        var acme = await server.TenantAsync();
        var bad = Usage.Record("bad", ("attributes", new System.Text.Json.Nodes.JsonObject { ["a/b~c"] = 7 }));

        (await acme.UsageAsync(bad)).Errors.ShouldBe(["/attributes/a~1b~0c wrong_type"]);
        (await acme.UsageAsync(Usage.Array(Usage.Record("good"), bad))).ItemErrors.ShouldBe(["/1/attributes/a~1b~0c wrong_type"]);
        (await acme.UsageAsync($"{Usage.Record("good")}\n\n{bad}", Caller.Lines)).ItemErrors.ShouldBe(["/1/attributes/a~1b~0c wrong_type"]);
        (await acme.UsageAsync($"[1,{Usage.Record("good")}]")).ItemErrors.ShouldBe(["/0 not_an_object"]);
        (await acme.UsageAsync("[1]")).Errors.ShouldBe(["/0 not_an_object"]);
    }

    [Fact]
    public async Task Only_problems_are_listed_on_demand_and_all_are_counted()
    {
        var acme = await server.TenantAsync();
        await acme.UsageAsync(Usage.Record("one"));
        var body = Usage.Array(Usage.Record("one"), Bad("bad"), Usage.Record("two"), Usage.Record("one", ("unit", "minute")));

        var reply = await acme.PostAsync("/v1/usage?items=problems", body);

        reply.Told.ShouldBe("200 1 accepted 1 duplicates 1 conflicts 1 rejected");
        reply.ItemsTold.ShouldBe(["1 rejected negative_quantity", "3 conflict key_reused"]);
        (await acme.PostAsync("/v1/usage?items=few", "[]")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Every_item_names_its_usage_and_the_event_that_holds_its_state()
    {
        var acme = await server.TenantAsync();

        var first = await acme.UsageAsync(Usage.Array(3, "call"));
        var again = await acme.UsageAsync(Usage.Array(3, "call"));

        again.Told.ShouldBe("200 3 duplicates");
        first.Items.Select(item => (string)item["eventId"]!).Distinct().Count().ShouldBe(3);
        again.Items.Select(item => $"{item["eventId"]} {item["position"]}").ShouldBe(first.Items.Select(item => $"{item["eventId"]} {item["position"]}"));
        first.Items.Select(item => (long)item["position"]!).ShouldBe(Enumerable.Range(0, 3).Select(index => first.Position - 2 + index));
        again.Position.ShouldBe(first.Position);
    }

    [Fact]
    public async Task An_answer_of_rejections_alone_has_no_position() =>
        (await (await server.TenantAsync()).UsageAsync(Bad("bad"))).Position.ShouldBe(0);

    [Fact]
    public async Task The_correlation_id_is_returned_and_kept_with_every_event()
    {
        var acme = await server.TenantAsync();

        var mine = await acme.UsageAsync(Usage.Array(2, "call"), Caller.Json, ("X-Correlation-Id", "run:7.a_B-9"));
        var made = await acme.UsageAsync(Usage.Record("other"), Caller.Json, ("X-Correlation-Id", "not one!"));

        mine.Header("X-Correlation-Id").ShouldBe("run:7.a_B-9");
        made.Header("X-Correlation-Id").ShouldNotBe("not one!");
        (await server.CorrelationsAsync(acme)).ShouldBe(["run:7.a_B-9", "run:7.a_B-9", made.Header("X-Correlation-Id")]);
    }
}
