using NodaTime;
using UsageLedger.Attributing;
using static UsageLedger.Specs.Attributing.Claims;

namespace UsageLedger.Specs.Attributing;

public sealed class MappingSpecs
{
    private static readonly Instant Later = Noon + Duration.FromHours(1);

    [Fact]
    public void A_mapping_gives_a_record_its_client_and_keeps_its_agent()
    {
        var mappings = new Mappings([Mapping("agent:a1", "contoso")]);

        var record = mappings.Apply(Record(Noon, (MappingKeys.Agent, "a1")) with { AgentId = "a1" });

        (record.ClientId, record.AgentId).ShouldBe(("contoso", "a1"));
    }

    [Fact]
    public void An_agent_that_the_mapping_names_stands_in_place_of_the_vendors() =>
        new Mappings([Mapping("agent:a1", "contoso", agent: "reception")])
            .Apply(Record(Noon, (MappingKeys.Agent, "a1")) with { AgentId = "a1" }).AgentId.ShouldBe("reception");

    [Fact]
    public void A_record_that_names_its_client_keeps_it()
    {
        var record = Record(Noon, (MappingKeys.Agent, "a1")) with { ClientId = "fabrikam" };

        new Mappings([Mapping("agent:a1", "contoso")]).Apply(record).ShouldBeSameAs(record);
    }

    [Fact]
    public void What_no_mapping_claims_stays_as_it_is()
    {
        var record = Record(Noon, (MappingKeys.Agent, "a2"));

        new Mappings([Mapping("agent:a1", "contoso"), Mapping("apikey:a2", "contoso")]).Apply(record).ShouldBeSameAs(record);
    }

    [Theory]
    [InlineData("meta:client=x", "apikey:k", "number:+1 555 010 9999", "agent:a1")]
    [InlineData("apikey:k", "number:+1 555 010 9999", "agent:a1")]
    [InlineData("number:+1 555 010 9999", "agent:a1")]
    public void The_key_that_says_most_counts(params string[] keys)
    {
        var record = Record(
            Noon, (MappingKeys.Agent, "a1"), (MappingKeys.ApiKey, "k"), (MappingKeys.Meta + "client", "x"), (MappingKeys.Number, Numbers.Of("15550109999")));
        var mappings = keys.Select((key, index) => Mapping(key, index == 0 ? "first" : "other"));

        new Mappings(mappings.Reverse()).Apply(record).ClientId.ShouldBe("first");
    }

    [Fact]
    public void A_key_whose_mapping_is_over_leaves_the_record_to_the_next() =>
        new Mappings([Mapping("apikey:k", "before", to: Noon), Mapping("agent:a1", "now")])
            .Apply(Record(Noon, (MappingKeys.ApiKey, "k"), (MappingKeys.Agent, "a1"))).ClientId.ShouldBe("now");

    [Fact]
    public void An_agent_that_moves_at_an_instant_is_split_exactly_there()
    {
        var mappings = new Mappings([Mapping("agent:a1", "contoso", to: Noon), Mapping("agent:a1", "fabrikam", from: Noon)]);

        mappings.Apply(Record(Noon - Duration.FromTicks(10), (MappingKeys.Agent, "a1"))).ClientId.ShouldBe("contoso");
        mappings.Apply(Record(Noon, (MappingKeys.Agent, "a1"))).ClientId.ShouldBe("fabrikam");
    }

    [Fact]
    public void Mappings_overlap_only_under_one_key_of_one_provider_at_some_instant()
    {
        var mapping = Mapping("agent:a1", "contoso", from: Noon, to: Later);

        mapping.Overlaps(Mapping("agent:a1", "fabrikam")).ShouldBeTrue();
        mapping.Overlaps(Mapping("agent:a1", "fabrikam", to: Noon)).ShouldBeFalse();
        mapping.Overlaps(Mapping("agent:a1", "fabrikam", from: Later)).ShouldBeFalse();
        mapping.Overlaps(Mapping("agent:a1", "fabrikam", from: Later - Duration.FromTicks(1))).ShouldBeTrue();
        mapping.Overlaps(Mapping("agent:a2", "fabrikam")).ShouldBeFalse();
        mapping.Overlaps(Mapping("agent:a1", "fabrikam") with { Provider = "twilio" }).ShouldBeFalse();
    }

    [Theory]
    [InlineData("agent:")]
    [InlineData("agent")]
    [InlineData(":a1")]
    [InlineData("Agent:a1")]
    [InlineData("meta:name")]
    [InlineData("meta:=value")]
    [InlineData("meta:name=")]
    [InlineData("number:+1555x0100000")]
    [InlineData("number:12")]
    [InlineData("number:+1234567890123456")]
    public void What_is_no_key_is_refused(string text) => MappingKeyReader.Read(text, Numbers).ShouldBeNull();

    [Fact]
    public void A_number_is_kept_as_its_hash_and_shown_by_its_last_digits()
    {
        var key = Key("number:+1 (555) 010-9999");

        key.Value.ShouldBe(Numbers.Of("+15550109999"));
        key.Shown.ShouldBe("number:...9999");
        key.Kept.ShouldNotContain("555");
        Key(key.Kept).Value.ShouldBe(key.Value, "what reads of unattributed usage show can be put into a mapping");
    }

    [Fact]
    public void What_the_log_keeps_of_a_mapping_reads_back_the_same()
    {
        foreach (var key in (string[])["agent:a1", "apikey:k:2", "meta:client=a=b", "number:+15550109999"])
        {
            var mapping = Mapping(key, "contoso", from: Noon, to: Later, agent: "reception");

            MappingSet.Read(new MappingSet(mapping).ToCanonical()).Mapping.ShouldBe(mapping);
            MappingSet.Read(new MappingSet(mapping with { ValidFrom = null, ValidTo = null, AgentId = null }).ToCanonical()).Mapping.AgentId.ShouldBeNull();
        }
    }
}
