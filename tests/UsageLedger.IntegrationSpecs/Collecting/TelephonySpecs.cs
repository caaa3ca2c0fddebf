using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>One telephone leg that a Retell and a Twilio source of one tenant both tell of counts once, in whatever order they tell.</summary>
public sealed class TelephonySpecs
{
    private const string Retells = "call:call_1:twilio_telephony 0.015";
    private const string Handed = "call:call_1:twilio_telephony:transfer 0.02";
    private const string Twilios = $"call:{TelephonyVendors.Sid} 0.0085";
    private const string Voided = $"{Retells} telephony: the source twilio reports a price of the same leg, call:{TelephonyVendors.Sid}";

    [Theory]
    [InlineData("retell", "twilio")]
    [InlineData("twilio", "retell")]
    public async Task A_leg_that_both_have_a_price_of_is_Twilios_and_Retells_product_is_voided_naming_it(string first, string second)
    {
        await using var vendors = await TelephonyVendors.StartAsync();

        await vendors.CollectAsync(first);
        (await vendors.TelephonyAsync()).ShouldBe(first == "twilio" ? [Twilios] : [Retells, Handed]);
        await vendors.CollectAsync(second);

        (await vendors.TelephonyAsync()).ShouldBe([Voided, Handed, Twilios], ignoreOrder: true);
        await vendors.CollectAsync("retell");
        await vendors.CollectAsync("twilio");
        (await vendors.TelephonyAsync()).ShouldBe([Voided, Handed, Twilios], ignoreOrder: true);
    }

    [Fact]
    public async Task A_leg_that_Retell_told_of_before_Twilio_was_configured_counts_once_too()
    {
        await using var vendors = await TelephonyVendors.StartRetellAsync();
        await vendors.CollectAsync("retell");

        await vendors.AddTwilioAsync();
        await vendors.CollectAsync("twilio");

        (await vendors.TelephonyAsync()).ShouldBe([Voided, Handed, Twilios], ignoreOrder: true);
    }

    [Fact]
    public async Task While_Twilio_names_no_price_the_one_that_Retell_reports_counts()
    {
        await using var vendors = await TelephonyVendors.StartAsync();
        vendors.TwilioPrice = null;
        await vendors.CollectAsync("retell");
        await vendors.CollectAsync("twilio");
        (await vendors.TelephonyAsync()).ShouldBe([$"call:{TelephonyVendors.Sid}", Retells, Handed], ignoreOrder: true);

        vendors.TwilioPrice = "-0.0085";
        await vendors.CollectAsync("twilio");

        (await vendors.TelephonyAsync()).ShouldBe([Voided, Handed, Twilios], ignoreOrder: true);
    }

    [Fact]
    public async Task Where_Retell_names_no_telephony_Twilios_price_stands_alone()
    {
        await using var vendors = await TelephonyVendors.StartAsync();
        vendors.RetellCents = null;

        await vendors.CollectAsync("retell");
        await vendors.CollectAsync("twilio");

        (await vendors.TelephonyAsync()).ShouldBe([Twilios]);
    }

    [Fact]
    public async Task A_policy_that_says_who_bills_is_followed_and_nothing_is_voided()
    {
        await using var vendors = await TelephonyVendors.StartAsync(("retell", "retell"), ("twilio", "retell"));

        await vendors.CollectAsync("twilio");
        await vendors.CollectAsync("retell");
        await vendors.CollectAsync("twilio");

        (await vendors.TelephonyAsync()).ShouldBe([$"call:{TelephonyVendors.Sid} 0", Retells, Handed], ignoreOrder: true);
    }

    [Theory]
    [InlineData("retell", "twilio")]
    [InlineData("twilio", "retell")]
    public async Task Where_Retell_alone_says_that_it_charges_Twilios_call_of_the_leg_is_voided_naming_it(string first, string second)
    {
        await using var vendors = await TelephonyVendors.StartAsync(("retell", "retell"));
        var voided = $"{Twilios} telephony: the source retell charges the same leg, call:call_1:twilio_telephony";

        await vendors.CollectAsync(first);
        await vendors.CollectAsync(second);

        (await vendors.TelephonyAsync()).ShouldBe([voided, Retells, Handed], ignoreOrder: true);
        await vendors.CollectAsync("retell");
        await vendors.CollectAsync("twilio");
        (await vendors.TelephonyAsync()).ShouldBe([voided, Retells, Handed], ignoreOrder: true);
    }

    [Fact]
    public async Task A_leg_that_was_Twilios_before_Retell_alone_said_that_it_charges_it_stays_so()
    {
        await using var vendors = await TelephonyVendors.StartAsync();
        await vendors.CollectAsync("retell");
        await vendors.CollectAsync("twilio");

        await vendors.ChangeRetellAsync("retell");
        await vendors.CollectAsync("retell");
        await vendors.CollectAsync("twilio");

        (await vendors.TelephonyAsync()).ShouldBe([Voided, Handed, Twilios], ignoreOrder: true);
    }

    [Fact]
    public async Task Policies_that_cannot_be_right_together_are_refused_and_change_nothing()
    {
        await using var vendors = await TelephonyVendors.StartAsync(("retell", "retell"), ("twilio", "retell"));

        foreach (var provider in new[] { "retell", "twilio" })
        {
            var refused = await vendors.ConfigureAsync(provider, "twilio");
            (refused.Status, refused.Text.Contains("telephony_contradicts", StringComparison.Ordinal), refused.Text.Contains("/settings/telephonyBilledBy", StringComparison.Ordinal))
                .ShouldBe((422, true, true));
        }

        (await vendors.ConfigureAsync("retell", "retell")).Status.ShouldBe(200);
        foreach (var (provider, billedBy) in new[] { ("twilio", (string?)null), ("retell", null), ("retell", "twilio"), ("twilio", "twilio") })
        {
            (await vendors.ConfigureAsync(provider, billedBy)).Status.ShouldBe(200);
        }
    }

    [Theory]
    [InlineData("retell")]
    [InlineData("twilio")]
    public async Task A_policy_that_comes_later_takes_no_leg_away_that_was_settled_before(string biller)
    {
        await using var vendors = await TelephonyVendors.StartAsync();
        await vendors.CollectAsync("retell");
        await vendors.CollectAsync("twilio");

        await vendors.ChangeRetellAsync(biller);
        await vendors.AddTwilioAsync(("twilio", biller));
        await vendors.CollectAsync("twilio");
        await vendors.CollectAsync("retell");

        (await vendors.TelephonyAsync()).ShouldBe([Voided, Handed, Twilios], ignoreOrder: true);
    }

    [Theory]
    [InlineData("retell", "twilio")]
    [InlineData("twilio", "retell")]
    public async Task A_leg_that_one_told_of_before_a_policy_and_the_other_after_it_counts_once(string first, string biller)
    {
        await using var vendors = await TelephonyVendors.StartAsync();
        await vendors.CollectAsync(first);

        await vendors.ChangeRetellAsync(biller);
        await vendors.AddTwilioAsync(("twilio", biller));
        await vendors.CollectAsync("retell");
        await vendors.CollectAsync("twilio");
        await vendors.CollectAsync("retell");

        (await vendors.TelephonyAsync()).ShouldBe([Voided, Handed, Twilios], ignoreOrder: true);
    }

    [Fact]
    public async Task A_leg_that_is_settled_under_two_policies_at_once_counts_once()
    {
        await using var vendors = await TelephonyVendors.StartAsync();
        vendors.TwilioPrice = null;
        await vendors.CollectAsync("retell");
        var (list, call) = (new TaskCompletionSource(), new TaskCompletionSource());
        (vendors.ListWaitsFor, vendors.CallWaitsFor, vendors.TwilioPrice) = (list.Task, call.Task, "-0.0085");
        await vendors.AskAsync("retell");
        await SpecLog.UntilAsync(() => Task.FromResult(vendors.ListsAsked == 2), "the run has begun under no policy");

        await vendors.ChangeRetellAsync("retell");
        await vendors.AskAsync("twilio");
        await SpecLog.UntilAsync(() => Task.FromResult(vendors.CallsAsked == 1), "the call is asked for under the new policy");
        await vendors.RowsAsync("""
            create function ledger.slowly() returns trigger language plpgsql as 'begin perform pg_sleep(2); return new; end';
            create trigger slowly before insert on ledger.mt_events for each row when (new.type = 'usage_voided') execute function ledger.slowly()
            """);
        list.SetResult();
        call.SetResult();
        await vendors.EndedAsync();

        (await vendors.RowsAsync("select count(*) from ledger.mt_events where type = 'usage_voided'")).ShouldBe(["1"]);
    }
}
