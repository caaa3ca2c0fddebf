using UsageLedger.Collecting.Sources;
using UsageLedger.Collecting.Retell;
using UsageLedger.Receiving;

namespace UsageLedger.Specs.Collecting;

/// <summary>What Retell's events say.</summary>
public sealed class RetellWebhookSpecs
{
    [Theory]
    [InlineData("call_started", 0)]
    [InlineData("transcript_updated", 0)]
    [InlineData("call_ended", 1)]
    [InlineData("call_analyzed", 1)]
    public void An_event_tells_of_usage_once_the_call_is_over(string name, int records)
    {
        var reading = Read($$$"""{"event":"{{{name}}}","call":{"call_id":"call_1","call_status":"ended","end_timestamp":1790000090000}}""");
        (reading.Records.Count, reading.Quarantine).ShouldBe((records, null));
    }

    [Fact]
    public void A_transfer_that_ended_is_asked_for() =>
        Read("""{"event":"transfer_ended","call":{"call_id":"call_1"}}""").Fetch.ShouldBe(["call_1"]);

    [Theory]
    [InlineData("""{"combined_cost":5}""", 1)]
    [InlineData("""{"combined_cost":0}""", 0)]
    [InlineData("""{"combined_cost":5,"product_costs":[{"product":"voice","cost":5}]}""", 0)]
    public void A_cost_that_is_told_without_its_products_is_asked_for(string cost, int asked) =>
        Read($$$"""{"event":"call_ended","call":{"call_id":"call_1","call_status":"ended","end_timestamp":1790000090000,"call_cost":{{{cost}}}}}""")
            .Fetch.Count.ShouldBe(asked);

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"event":"something_new","call":{}}""")]
    [InlineData("""{"event":"call_ended"}""")]
    [InlineData("""{"event":"call_ended","call":{"call_id":"call_1","call_status":"ongoing"}}""")]
    [InlineData("""{"event":"call_ended","call":{"call_id":"\ud800","call_status":"ended","end_timestamp":1790000090000}}""")]
    [InlineData("""{"event":"call_ended","call":{"call_status":"ended","end_timestamp":1790000090000}}""")]
    public void What_cannot_be_usage_is_unusable(string body) => Read(body).Quarantine.ShouldNotBeNull();

    [Fact]
    public void Keys_lead_back_to_the_vendors_records()
    {
        string? Of(string provider, string key) => ProviderCatalogue.Whole.Find(provider)!.Collector.NativeIdOf(key);

        Of("retell", "call:call_1").ShouldBe("call_1");
        Of("retell", "call:call_1:voice:transfer").ShouldBe("call_1");
        Of("retell", "tokens:call_1").ShouldBe("call_1");
        Of("twilio", "message:SM1").ShouldBe("SM1");
        Of("openrouter", "generation:gen-1:rest").ShouldBe("gen-1");
        Of("retell", "else").ShouldBeNull();
    }

    private static WebhookReading Read(string body) => new RetellWebhooks().Read(Vendors.Delivery(body), Vendors.Source("retell"), Vendors.Numbers);
}
