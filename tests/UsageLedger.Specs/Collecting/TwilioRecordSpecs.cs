using System.Text.Json;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Twilio;
using UsageLedger.Specs.Recording;

namespace UsageLedger.Specs.Collecting;

/// <summary>What Twilio says of messages and calls, as usage.</summary>
public sealed class TwilioRecordSpecs
{
    private const string Sid = "SM00000000000000000000000000000001";
    private const string Examples = "twilio/twilio-example-responses.json";

    [SharedDataFact(Examples)]
    public void Twilios_own_message_is_charged_with_the_sign_turned()
    {
        var record = Message(Example("GET /2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json 200 fetch")).Records.ShouldHaveSingleItem();

        (record.IdempotencyKey, record.Metric, record.Quantity, record.Cost, record.Currency).ShouldBe(
            ("message:SMb7c0a2ce80504485a6f653a7110836f5", "sms.outbound", 1m, 0.0075m, "USD"));
        record.OccurredAt.ShouldBe(Instant.FromUtc(2019, 5, 24, 17, 18, 28));
        record.Attribute("mapping.number").ShouldBe(Vendors.Numbers.Of("+12019235161"));
    }

    [SharedDataFact(Examples)]
    public void Twilios_own_calls_are_seconds_at_the_price_of_their_own_currency()
    {
        var made = new Normalised();
        foreach (var call in Example("GET /2010-04-01/Accounts/{AccountSid}/Calls.json 200 readFullPage1").GetProperty("calls").EnumerateArray())
        {
            TwilioCalls.Take(call, Vendors.Source("twilio"), Vendors.Numbers, made);
        }

        made.Records.Select(record => (record.Metric, record.Quantity, record.Cost, record.Currency, record.Attribute("billedMinutes"))).Take(2).ShouldBe(
            [("call.outbound", 4m, 0.2m, "USD", "1"), ("call.inbound", 3m, 0.1m, "JPY", "1")]);
        made.Rejected.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("queued", "null", 0, false)]
    [InlineData("scheduled", "null", 0, false)]
    [InlineData("canceled", "null", 0, false)]
    [InlineData("sent", "null", 30, true)]
    [InlineData("delivered", "null", 30, true)]
    public void A_price_that_is_not_named_is_pending(string status, string price, int days, bool expected)
    {
        var records = Message(Json(status, price), days).Records;
        records.Count.ShouldBe(expected ? 1 : 0);
        records.ShouldAllBe(record => record.Cost == null);
    }

    [Theory]
    [InlineData("null", 1, null)]
    [InlineData("null", 4, "0")]
    [InlineData("\"-0.00100\"", 4, "0.001")]
    [InlineData("-0.001", 0, "0.001")]
    public void A_failed_message_costs_its_fee_and_nothing_if_none_is_named_in_three_days(string price, int days, string? cost) =>
        Message(Json("failed", price), days).Records.ShouldHaveSingleItem().Cost
            .ShouldBe(cost is null ? null : decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("whatsapp:+1 (415) 555-0100", true)]
    [InlineData("12345", true)]
    [InlineData("client:agent007", false)]
    [InlineData("sip:100@example.com", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_numbers_are_hashed(string? address, bool expected) => (OwnNumber.Read(address) is not null).ShouldBe(expected);

    [Fact]
    public void A_call_that_never_came_about_is_no_usage_unless_it_has_a_price()
    {
        Call("busy", "null").ShouldBeEmpty();
        Call("in-progress", "null").ShouldBeEmpty();
        Call("no-answer", "\"-0.01\"").ShouldHaveSingleItem().Cost.ShouldBe(0.01m);
        Call("completed", "null").ShouldHaveSingleItem().Cost.ShouldBeNull();
        Call("completed", "null", (SourceSettings.TelephonyBilledBy, "retell")).ShouldHaveSingleItem().Cost.ShouldBe(0);
    }

    [Fact]
    public void Bodies_and_other_peoples_numbers_stay_outside()
    {
        var written = Vendors.Written(Message(Json("sent", "\"-0.0075\"")).Records);
        written.ShouldNotContain("planted");
        written.ShouldNotContain("415555");
    }

    [Theory]
    [InlineData("MessageSid=SM00000000000000000000000000000001&MessageStatus=delivered&Body=planted", "SM00000000000000000000000000000001")]
    [InlineData("CallSid=CA00000000000000000000000000000001&CallStatus=completed", "CA00000000000000000000000000000001")]
    [InlineData("CallSid=CA00000000000000000000000000000001&CallStatus=ringing", null)]
    [InlineData("UsageTriggerSid=UT1&CurrentValue=60", null)]
    public void A_callback_says_what_to_ask_for(string form, string? sid)
    {
        var reading = new TwilioWebhooks().Read(Vendors.Delivery(form), Vendors.Source("twilio"), Vendors.Numbers);
        reading.Quarantine.ShouldBeNull();
        reading.Fetch.ShouldBe(sid is null ? [] : [sid]);
    }

    [Theory]
    [InlineData("a=b")]
    [InlineData("{}")]
    [InlineData("MessageSid=nonsense&MessageStatus=sent")]
    [InlineData("MessageSid=SM00000000000000000000000000000001MessageStatus=sent")]
    public void What_is_no_callback_is_unusable(string body) =>
        new TwilioWebhooks().Read(Vendors.Delivery(body), Vendors.Source("twilio"), Vendors.Numbers).Quarantine.ShouldNotBeNull();

    private static Normalised Message(JsonElement message, int days = 0)
    {
        var made = new Normalised();
        TwilioMessages.Take(message, Vendors.Source("twilio"), Vendors.Numbers, Instant.FromUtc(2026, 10, 1, 12, 0) + Duration.FromDays(days), made);
        return made;
    }

    private static IReadOnlyList<UsageLedger.Recording.UsageRecord> Call(string status, string price, params (string, string)[] settings)
    {
        var made = new Normalised();
        TwilioCalls.Take(
            Vendors.Json($$"""{"sid":"CA00000000000000000000000000000001","status":"{{status}}","price":{{price}},"duration":"61","end_time":"Thu, 01 Oct 2026 12:00:00 +0000"}"""),
            Vendors.Source("twilio", settings), Vendors.Numbers, made);
        return made.Records;
    }

    private static JsonElement Json(string status, string price) => Vendors.Json($$"""
        {"sid":"{{Sid}}","status":"{{status}}","price":{{price}},"price_unit":"usd","num_segments":"0","direction":"outbound-api","body":"planted",
        "from":"+14155550100","to":"+14155550199","date_sent":"Thu, 01 Oct 2026 12:00:00 +0000","error_message":"planted"}
        """);

    private static JsonElement Example(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(SharedData.Find(Examples)!)).RootElement.GetProperty(name);
}
