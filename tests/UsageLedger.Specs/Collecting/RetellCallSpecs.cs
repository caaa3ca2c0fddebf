using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Retell;
using UsageLedger.Recording;
using UsageLedger.Specs.Recording;

namespace UsageLedger.Specs.Collecting;

/// <summary>What Retell says of a call, as usage.</summary>
public sealed class RetellCallSpecs
{
    private const string Costs = """
        {"product_costs":[{"product":"ElevenLabs TTS","unit_price":0.1167,"cost":7.002},{"product":"gpt-4.1","unit_price":1e-1,"cost":6},
        {"product":"retell_twilio_telephony","cost":1.5},{"product":"retell_twilio_telephony","cost":0.75,"unit_price":0.025,"is_transfer_leg_cost":true}],
        "total_duration_seconds":90,"combined_cost":15.252}
        """;

    private const string Whole = """{"combined_cost":15.252}""";

    private static readonly Instant EndedAt = Instant.FromUnixTimeMilliseconds(1_790_000_090_000);

    [SharedDataFact("retell/retell-example-payloads.json")]
    public void Retells_own_sample_gives_a_call_its_tokens_and_its_product()
    {
        using var samples = JsonDocument.Parse(File.ReadAllBytes(SharedData.Find("retell/retell-example-payloads.json")!));
        var call = samples.RootElement.GetProperty("v3_list_calls_response").GetProperty("items")[0];

        var made = Take(call);

        made.Records.Select(record => (record.IdempotencyKey, record.Metric, record.Quantity, record.Unit, record.UnitCost, record.Cost)).ShouldBe(
        [
            ("call:Jabr9TXYYJHfvl6Syypi88rdAHYHmcq6", "call", 1m, "call", null, 0m),
            ("tokens:Jabr9TXYYJHfvl6Syypi88rdAHYHmcq6", "llm.tokens", 1m, "token", null, 0m),
            ("call:Jabr9TXYYJHfvl6Syypi88rdAHYHmcq6:elevenlabs_tts:transfer", "call.elevenlabs_tts", 60m, "second", 0.01m, 0.6m),
        ]);
        made.Records[0].Attribute("difference").ShouldBe("0.1");
        made.Records[0].Attribute("mapping.number").ShouldBe(Vendors.Numbers.Of("+12137771235"));
        var page = made.ToPage(null, 0);
        (page.Rejected.Count, page.Notes.ShouldHaveSingleItem().Note.Contains("0.1 USD", StringComparison.Ordinal)).ShouldBe((0, true));
        made.ToReading().Quarantine.ShouldBeNull();
    }

    [Fact]
    public void Products_bear_the_cost_in_dollars_by_leg()
    {
        var records = Take(Call(Costs)).Records;

        records.At("call:call_1:elevenlabs_tts").ShouldSatisfyAllConditions(
            record => record.Cost.ShouldBe(0.07002m), record => record.UnitCost.ShouldBe(0.001167m), record => record.Quantity.ShouldBe(60));
        records.At("call:call_1:gpt-4.1").UnitCost.ShouldBe(0.001m);
        records.At("call:call_1:retell_twilio_telephony").Quantity.ShouldBe(90);
        records.At("call:call_1:retell_twilio_telephony:transfer").Quantity.ShouldBe(30);
        records.Sum(record => record.Cost).ShouldBe(0.15252m);
    }

    [Fact]
    public void A_call_without_costs_is_pending_once_and_keeps_its_key_when_products_come()
    {
        var pending = Take(Call(null)).Records;
        pending.ShouldHaveSingleItem().Cost.ShouldBeNull();

        Take(Call(Costs)).Records.At(pending[0].IdempotencyKey).Cost.ShouldBe(0);
    }

    [Theory]
    [InlineData(RecordingMode.Pushed, RecordingMode.Pushed)]
    [InlineData(RecordingMode.Polled, RecordingMode.Pushed)]
    [InlineData(RecordingMode.Pushed, RecordingMode.Polled)]
    public void A_whole_cost_that_is_told_before_its_products_counts_once(RecordingMode whole, RecordingMode products)
    {
        var log = new LogInMemory();
        foreach (var (costs, mode) in new[] { (Whole, whole), (Costs, products), (Whole, RecordingMode.Polled) })
        {
            log.Record([.. Take(Call(costs)).Records.Select(record => new ParsedUsage(record, mode, []))]);
        }

        log.Usage().Sum(record => record.Cost).ShouldBe(0.15252m);
        log.Usage().ShouldAllBe(record => record.Cost != null);
    }

    [Fact]
    public void A_whole_cost_without_products_is_asked_for_and_stays_on_the_call_once_none_will_come()
    {
        Take(Call(Whole)).Records.ShouldHaveSingleItem().Cost.ShouldBeNull();
        RetellCalls.Take(Call(Whole), Vendors.Source("retell"), Vendors.Numbers, null, new Normalised()).ShouldBeTrue();
        RetellCalls.Take(Call(Costs), Vendors.Source("retell"), Vendors.Numbers, null, new Normalised()).ShouldBeFalse();
        Take(Call("""{"combined_cost":0}""")).Records.ShouldHaveSingleItem().Cost.ShouldBe(0);

        var late = new Normalised();
        RetellCalls.Take(Call(Whole), Vendors.Source("retell"), Vendors.Numbers, EndedAt + Duration.FromDays(4), late);
        late.Records.ShouldHaveSingleItem().Cost.ShouldBe(0.15252m);
    }

    [Theory]
    [InlineData("ongoing", false)]
    [InlineData("registered", false)]
    [InlineData("ended", true)]
    [InlineData("error", true)]
    [InlineData("not_connected", true)]
    public void Only_a_call_that_is_over_is_usage(string status, bool expected) =>
        (Take(Call(Costs, status)).Records.Count > 0).ShouldBe(expected);

    [Fact]
    public void Telephony_that_Twilio_charges_costs_nothing_here_and_says_so()
    {
        var records = Take(Call(Costs), (SourceSettings.TelephonyBilledBy, "twilio")).Records;

        var leg = records.At("call:call_1:retell_twilio_telephony");
        (leg.Cost, leg.Attribute("reportedCost"), leg.Attribute("billedBy")).ShouldBe((0m, "0.015", "twilio"));
        records.At("call:call_1:gpt-4.1").Cost.ShouldBe(0.06m);
    }

    [Theory]
    [InlineData("""{"product_costs":[{"product":"a","cost":"x"}]}""")]
    [InlineData("""{"product_costs":[{"product":"a","cost":1e-28}]}""")]
    [InlineData("""{"product_costs":[{"cost":1}]}""")]
    [InlineData("""{"product_costs":[{"product":"a","cost":1}],"total_duration_seconds":-1}""")]
    public void What_breaks_the_rules_is_rejected_by_its_id(string costs)
    {
        var made = Take(Call(costs));
        made.Records.ShouldBeEmpty();
        made.Rejected.ShouldHaveSingleItem().NativeId.ShouldBe("call_1");
    }

    [Fact]
    public void The_sum_of_the_products_is_the_vendors_cost()
    {
        var cents = from whole in Gen.Choose(0, 100_000) from scale in Gen.Choose(0, 9) select new decimal(whole, 0, 0, false, (byte)scale);
        var calls = from costs in Gen.NonEmptyListOf(cents)
                    from names in Gen.ListOf(Gen.Elements("voice", "Voice", "llm", "sms"), costs.Count)
                    select (Costs: costs.ToList(), Names: names.ToList());
        Prop.ForAll(calls.ToArbitrary(), call =>
        {
            var products = call.Costs.Zip(call.Names, (cost, name) => string.Create(CultureInfo.InvariantCulture, $$"""{"product":"{{name}}","cost":{{cost}}}"""));
            var made = Take(Call($$"""{"product_costs":[{{string.Join(',', products)}}],"total_duration_seconds":9}"""));
            return made.Records.Sum(record => record.Cost) == call.Costs.Sum() / 100 && made.Rejected.Count == 0;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Nothing_personal_leaves_the_parser()
    {
        var written = Vendors.Written(Take(Call(Costs, "ended")).Records);
        foreach (var planted in new[] { "planted", "4155550100", "4155550199" })
        {
            written.ShouldNotContain(planted);
        }

        written.ShouldContain("\"mapping.meta.client_id\":\"contoso\"");
    }

    internal static Normalised Take(JsonElement call, params (string, string)[] settings)
    {
        var made = new Normalised();
        RetellCalls.Take(call, Vendors.Source("retell", settings), Vendors.Numbers, EndedAt, made);
        return made;
    }

    private static JsonElement Call(string? costs, string status = "ended") => Vendors.Json($$"""
        {"call_id":"call_1","call_type":"phone_call","direction":"inbound","agent_id":"agent_1","agent_version":3,"agent_name":"planted name",
        "from_number":"+14155550100","to_number":"+14155550199","telephony_identifier":{"twilio_call_sid":"CA1"},"call_status":"{{status}}",
        "metadata":{"client_id":"contoso","customer":"planted","tenantId":"planted person"},"access_token":"planted","transcript":"planted",
        "start_timestamp":1790000000000,"end_timestamp":1790000090000,"duration_ms":90000,"disconnection_reason":"user_hangup",
        "call_analysis":{"call_summary":"planted"}{{(costs is null ? "" : ",\"call_cost\":" + costs)}}}
        """);
}
