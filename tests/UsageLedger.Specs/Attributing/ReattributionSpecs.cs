using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.EventLog.Appending;
using UsageLedger.Recording;
using UsageLedger.Specs.Recording;
using static UsageLedger.Specs.Attributing.Claims;

namespace UsageLedger.Specs.Attributing;

public sealed class ReattributionSpecs
{
    private static readonly UsageRecord Call = Record(Noon, (MappingKeys.Agent, "a1"));
    private static readonly Guid Usage = Call.Key(LogInMemory.Tenant).Id;
    private static readonly TenantMappings Contoso = new([Mapping("agent:a1", "contoso", id: "m1")], 1);

    private readonly LogInMemory log = new();

    public ReattributionSpecs() => log.Record(new ParsedUsage(Call, false, []));

    [Fact]
    public void Usage_that_a_mapping_claims_leaves_one_stream_and_comes_to_the_other()
    {
        Move().ShouldBe("attributed");

        log.Events.Skip(1).Select(one => (one.Type, one.Stream)).ShouldBe(
            [("usage_attributed", "unattributed-retell-main"), ("usage_attributed", "client-contoso")]);
        UsageRecordJson.Read(UsageState.After(log.Events[^1]).Record).ShouldBe(Call with { ClientId = "contoso" });
    }

    [Fact]
    public void It_moves_once()
    {
        Move();

        Move().ShouldBe(Decision.Duplicate);
        log.Events.Count.ShouldBe(3);
    }

    [Fact]
    public void Voided_usage_stays_where_it_is()
    {
        log.Void(Usage);

        Move().ShouldBe(Refusals.Voided);
    }

    [Fact]
    public void Usage_outside_of_the_mapping_stays_where_it_is() =>
        Move(new TenantMappings([Mapping("agent:a1", "contoso", from: Noon + Duration.FromTicks(10))], 1)).ShouldBe(Decision.Duplicate);

    [Fact]
    public void What_its_source_says_again_is_a_duplicate_with_the_client_or_without()
    {
        Move();

        log.Record(new ParsedUsage(Call, false, [])).Duplicates.ShouldBe(1);
        log.Record(new ParsedUsage(Call with { ClientId = "contoso" }, true, [])).Duplicates.ShouldBe(1);
        log.Events.Count.ShouldBe(3);
    }

    [Fact]
    public void Once_voided_it_is_still_known_as_it_was_sent()
    {
        Move();
        log.Void(Usage);

        log.Record(new ParsedUsage(Call, false, [])).Duplicates.ShouldBe(1);
    }

    [Fact]
    public void Other_content_under_its_key_is_a_conflict_and_a_revision_of_it_is_taken()
    {
        Move();

        log.Record(new ParsedUsage(Call with { Cost = 9m }, false, [])).Conflicts.ShouldBe(1);
        log.Record(new ParsedUsage(Call with { Cost = 9m, ClientId = "contoso" }, true, [])).Revised.ShouldBe(1);
    }

    private string Move(TenantMappings? mappings = null) => log.Append(new AppendRequest(
        LogInMemory.Tenant, "c", [new AppendItem(Usage, null, known => ReattributeHandler.Decide(Usage, known, mappings ?? Contoso))])).Items[0].Verdict;
}
