using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

public sealed class VoidingSpecs
{
    private static readonly UsageRecord Call = Bodies.Taken(Bodies.Call) with { ClientId = "contoso" };
    private static readonly Guid Id = Call.Key(LogInMemory.Tenant).Id;

    private readonly LogInMemory _log = new();

    public VoidingSpecs() => _log.Record(RecordingSpecs.New(Call));

    [Fact]
    public void A_void_appends_the_state_it_takes_out()
    {
        var answer = _log.Void(Id, "billed \"twice\"").ShouldNotBeNull();

        RecordingSpecs.Told(answer).ShouldBe(["0 Accepted @2"]);
        answer.Items[0].UsageId.ShouldBe(Id);
        (_log.Events[1].Type, _log.Events[1].Stream).ShouldBe(("usage_voided", "client-contoso"));
        _log.Events[1].Data.ToString().ShouldBe($$"""{"previous":{{UsageRecordJson.Write(Call)}},"reason":"billed \"twice\""}""");
    }

    [Fact]
    public void A_second_void_is_a_duplicate()
    {
        _log.Void(Id);

        RecordingSpecs.Told(_log.Void(Id, "again").ShouldNotBeNull()).ShouldBe(["0 Duplicate @2"]);
        _log.Events.Count.ShouldBe(2);
    }

    [Fact]
    public void What_is_unknown_or_no_usage_is_missing()
    {
        _log.Record(RecordingSpecs.Revision(Call with { Quantity = 1 }));

        _log.Void(Guid.NewGuid()).ShouldBeNull();
        _log.Void(_log.Events[1].Id).ShouldBeNull();
        _log.Events.Count.ShouldBe(2);
    }

    [Fact]
    public void A_void_takes_out_the_state_in_force_from_its_stream()
    {
        _log.Record(RecordingSpecs.Revision(Call with { ClientId = "fabrikam", Quantity = 1 }));

        _log.Void(Id);

        _log.Events[3].Stream.ShouldBe("client-fabrikam");
        UsageRecordJson.Read(UsageState.After(_log.Events[3]).Record).ShouldBe(Call with { ClientId = "fabrikam", Quantity = 1 });
    }

    [Fact]
    public void A_voided_key_stays_used_for_ever()
    {
        _log.Void(Id);

        RecordingSpecs.Told(_log.Record(
                RecordingSpecs.New(Call),
                RecordingSpecs.Revision(Call),
                RecordingSpecs.New(Call with { Quantity = 1 }),
                RecordingSpecs.Revision(Call with { Quantity = 1 })))
            .ShouldBe(["0 Duplicate @2", "1 Duplicate @2", "2 Conflict @2 key_reused", "3 Conflict @2 voided"]);
        _log.Events.Count.ShouldBe(2);
    }
}
