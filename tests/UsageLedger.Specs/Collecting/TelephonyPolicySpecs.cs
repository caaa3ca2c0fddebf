using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.Specs.Collecting;

/// <summary>Who charges a telephone leg may be said by both vendors' sources, as long as they can be right together.</summary>
public sealed class TelephonyPolicySpecs
{
    [Theory]
    [InlineData("r=retell t=retell", "")]
    [InlineData("r=twilio t=twilio", "")]
    [InlineData("r=retell t=twilio", "r t")]
    [InlineData("r=twilio t=retell", "r t")]
    [InlineData("r=retell t=", "")]
    [InlineData("r= t=retell", "")]
    [InlineData("r=twilio", "")]
    [InlineData("r=twilio t=Retell", "")]
    [InlineData("r=retell t=retell r2=twilio t2=twilio", "")]
    [InlineData("r=retell t=retell r2=twilio", "r2")]
    [InlineData("r=twilio t=retell t2=", "t")]
    [InlineData("r=twilio t=retell t2=retell", "r t t2")]
    public void A_source_is_contradicted_where_every_source_of_the_other_vendor_says_another(string policies, string contradicted) =>
        string.Join(' ', TelephonyPolicies.Contradicted(policies.Split(' ').Select(Policy))).ShouldBe(contradicted);

    [Fact]
    public void What_was_configured_before_there_was_a_rule_is_told_when_it_is_validated()
    {
        var source = Policy("r=twillio") with { Settings = new Dictionary<string, string> { ["telephonyBilledBy"] = "twillio", ["pageSize"] = "abc", ["colour"] = "red" } };

        SourceFaults.Of(source, [source], Collector("retell")).ShouldBe(
        [
            "The setting pageSize must be a whole number from 1 to 1000; it is taken as absent.",
            "The setting telephonyBilledBy must be one of retell, twilio, or absent; it is taken as absent.",
        ]);
        SourceFaults.Of(Policy("r=retell"), [Policy("r=retell"), Policy("t=twilio")], Collector("retell")).ShouldHaveSingleItem().ShouldContain("contradicts");
        SourceFaults.Of(Policy("r=retell"), [Policy("r=retell"), Policy("t=retell")], Collector("retell")).ShouldBeEmpty();
        SourceFaults.Of(source, [source], null).ShouldBeEmpty();
    }

    /// <summary>As <c>r2=twilio</c>: a Retell source that says twilio.</summary>
    private static Source Policy(string policy)
    {
        var (id, says) = (policy.Split('=')[0], policy.Split('=')[1]);
        var source = Vendors.Source(id[0] == 'r' ? "retell" : "twilio", says.Length == 0 ? [] : [("telephonyBilledBy", says)]);
        return source with { Id = id };
    }

    private static IUsageCollector Collector(string provider) => Providers.All.Single(known => known.Name == provider).Collector;
}
