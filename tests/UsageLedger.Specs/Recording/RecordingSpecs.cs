using UsageLedger.EventLog;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

public sealed class RecordingSpecs
{
    private static readonly UsageRecord Call = Bodies.Taken(Bodies.Call) with { ClientId = "contoso" };

    private readonly LogInMemory _log = new();

    [Fact]
    public void A_new_key_is_accepted_into_its_client_s_stream()
    {
        var answer = _log.Record(New(Call));

        Told(answer).ShouldBe(["0 Accepted @1"]);
        answer.ShouldSatisfyAllConditions(
            () => (answer.Accepted, answer.Position, answer.Status).ShouldBe((1, 1, 200)),
            () => answer.Items[0].UsageId.ShouldBe(Call.Key("acme").Id));
        Log().ShouldBe([("usage_recorded", "client-contoso", Call.Key("acme").Id)]);
        UsageRecordJson.Read(_log.Events[0].Data).ShouldBe(Call);
    }

    [Fact]
    public void Usage_that_names_no_client_waits_in_its_source_s_stream()
    {
        _log.Record(New(Call with { ClientId = null, Source = "retell" }));

        _log.Events[0].Stream.ShouldBe("unattributed-retell");
    }

    [Fact]
    public void The_same_content_under_a_known_key_is_a_duplicate()
    {
        _log.Record(New(Call));

        var answer = _log.Record(New(Call), Revision(Call));

        Told(answer).ShouldBe(["0 Duplicate @1", "1 Duplicate @1"]);
        (answer.Duplicates, answer.Position, answer.Status).ShouldBe((2, 1, 200));
        _log.Events.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("quantity", "61.000")]
    [InlineData("quantity", "6.1e1")]
    [InlineData("occurredAt", "\"2026-11-19T12:00:00.000+02:00\"")]
    [InlineData("currency", "\"USD\"")]
    [InlineData("source", "\"api\"")]
    [InlineData("attributes", "{}")]
    [InlineData("revision", "true")]
    public void Content_is_compared_by_value_not_by_spelling(string member, string json)
    {
        _log.Record(Bodies.Json(Bodies.Call).Items[0]);

        Told(_log.Record(Bodies.Json(Bodies.With(member, json)).Items[0])).ShouldBe(["0 Duplicate @1"]);
    }

    [Fact]
    public void A_cost_given_and_a_cost_computed_to_the_same_amount_are_the_same_content()
    {
        _log.Record(Bodies.Json(Bodies.With("unitCost", "2")).Items[0]);

        Told(_log.Record(Bodies.Json(Bodies.With("unitCost", "2,\"cost\":122")).Items[0])).ShouldBe(["0 Duplicate @1"]);
    }

    [Fact]
    public void A_key_reused_for_other_usage_is_a_conflict()
    {
        _log.Record(New(Call));

        var answer = _log.Record(New(Call with { Quantity = 62 }));

        Told(answer).ShouldBe(["0 Conflict @1 key_reused"]);
        (answer.Conflicts, answer.Position, answer.Status).ShouldBe((1, 1, 409));
        _log.Events.Count.ShouldBe(1);
    }

    [Fact]
    public void The_same_key_of_another_source_or_tenant_is_another_usage()
    {
        Told(_log.Record(New(Call), New(Call with { Source = "other", Quantity = 5 }))).ShouldBe(["0 Accepted @1", "1 Accepted @2"]);
        Call.Key("acme").Id.ShouldNotBe(Call.Key("umbrella").Id);
        new UsageKey("a", "bc", "d").Id.ShouldNotBe(new UsageKey("ab", "c", "d").Id);
    }

    [Fact]
    public void A_revision_appends_previous_and_current()
    {
        _log.Record(New(Call));

        var answer = _log.Record(Revision(Call with { Cost = 1.5m }));

        Told(answer).ShouldBe(["0 Revised @2"]);
        answer.Items[0].UsageId.ShouldBe(Call.Key("acme").Id);
        (answer.Revised, answer.Position, answer.Status).ShouldBe((1, 2, 200));
        Log()[1].ShouldBe(("usage_revised", "client-contoso", _log.Events[1].Id));
        _log.Events[1].Data.ToString().ShouldBe(
            $$"""{"current":{{UsageRecordJson.Write(Call with { Cost = 1.5m })}},"previous":{{UsageRecordJson.Write(Call)}}}""");
    }

    [Fact]
    public void A_revision_of_an_unknown_key_is_accepted() => Told(_log.Record(Revision(Call))).ShouldBe(["0 Accepted @1"]);

    [Fact]
    public void What_counts_is_the_state_in_force()
    {
        _log.Record(New(Call));
        _log.Record(Revision(Call with { Quantity = 62 }));

        Told(_log.Record(New(Call with { Quantity = 62 }), New(Call), Revision(Call), Revision(Call with { Quantity = 62 })))
            .ShouldBe(["0 Duplicate @2", "1 Conflict @2 key_reused", "2 Revised @3", "3 Revised @4"]);
    }

    [Fact]
    public void A_revision_that_names_another_client_is_told_in_both_streams()
    {
        _log.Record(New(Call));

        Told(_log.Record(Revision(Call with { ClientId = "fabrikam" }))).ShouldBe(["0 Revised @3"]);

        Log().Select(entry => (entry.Type, entry.Stream)).ShouldBe(
            [("usage_recorded", "client-contoso"), ("usage_revised", "client-contoso"), ("usage_revised", "client-fabrikam")]);
        _log.Events[1].Data.ShouldBe(_log.Events[2].Data);
        Told(_log.Record(Revision(Call))).ShouldBe(["0 Revised @5"]);
        Log()[3].Stream.ShouldBe("client-fabrikam");
        Log()[4].Stream.ShouldBe("client-contoso");
    }

    [Fact]
    public void The_same_key_twice_in_one_request_is_treated_in_order() =>
        Told(_log.Record(New(Call), New(Call), New(Call with { Quantity = 1 }), Revision(Call with { Quantity = 1 }), New(Call with { Quantity = 1 })))
            .ShouldBe(["0 Accepted @1", "1 Duplicate @1", "2 Conflict @1 key_reused", "3 Revised @2", "4 Duplicate @2"]);

    [Fact]
    public void A_time_that_was_assumed_is_not_compared()
    {
        var assumed = Call with { OccurredAtAssumed = true };
        var later = assumed with { OccurredAt = Call.OccurredAt.Plus(NodaTime.Duration.FromHours(1)) };
        _log.Record(New(assumed));

        Told(_log.Record(New(later))).ShouldBe(["0 Duplicate @1"]);
        Told(_log.Record(Revision(later with { Quantity = 3 }))).ShouldBe(["0 Revised @2"]);
        UsageRecordJson.Read(UsageState.After(_log.Events[1]).Record).ShouldBe(assumed with { Quantity = 3 });
    }

    [Fact]
    public void A_time_that_is_given_is_other_content_than_one_assumed()
    {
        _log.Record(New(Call with { OccurredAtAssumed = true }));

        Told(_log.Record(New(Call), Revision(Call), New(Call))).ShouldBe(["0 Conflict @1 key_reused", "1 Revised @2", "2 Duplicate @2"]);
    }

    [Fact]
    public void Refused_records_are_answered_in_their_place()
    {
        var refused = Bodies.Json(Bodies.With("quantity", "-1")).Items[0];

        var answer = _log.Record(refused, New(Call), refused);

        Told(answer).ShouldBe(["0 Rejected @0 negative_quantity", "1 Accepted @1", "2 Rejected @0 negative_quantity"]);
        (answer.Accepted, answer.Rejected, answer.Position, answer.Status).ShouldBe((1, 2, 1, 200));
    }

    [Fact]
    public void The_status_tells_whether_anything_was_recorded()
    {
        var refused = Bodies.Json(Bodies.With("quantity", "-1")).Items[0];
        _log.Record(New(Call));

        _log.Record().Status.ShouldBe(200);
        _log.Record(refused).Status.ShouldBe(422);
        _log.Record(New(Call with { Unit = "x" })).Status.ShouldBe(409);
        _log.Record(refused, New(Call with { Unit = "x" })).Status.ShouldBe(422);
        _log.Record(refused, New(Call with { Unit = "x" }), New(Call)).Status.ShouldBe(200);
    }

    internal static ParsedUsage New(UsageRecord record) => new(record, false, []);

    internal static ParsedUsage Revision(UsageRecord record) => new(record, true, []);

    internal static string[] Told(RecordingAnswer answer) =>
        [.. answer.Items.Select(item => $"{item.Index} {item.Status} @{item.Position} {item.Code}".TrimEnd())];

    private (string Type, string Stream, Guid Id)[] Log() => [.. _log.Events.Select((StoredEvent entry) => (entry.Type, entry.Stream, entry.Id))];
}
