using UsageLedger.Collecting;
using UsageLedger.Recording;
using UsageLedger.Specs.Recording;

namespace UsageLedger.Specs.Collecting;

public sealed class CollectedStateSpecs
{
    private static readonly UsageRecord Priced = Bodies.Taken(Bodies.Call) with { ClientId = null, AgentId = "agent-1", UnitCost = null, Cost = 0.25m };
    private static readonly UsageRecord Pending = Priced with { Cost = null };

    private readonly LogInMemory _log = new();

    [Theory]
    [InlineData(RecordingMode.Polled)]
    [InlineData(RecordingMode.Pushed)]
    public void A_cost_that_was_pending_is_filled_in_by_whoever_knows_it(RecordingMode mode)
    {
        Record(Pending, RecordingMode.Polled);

        Record(Priced, mode).ShouldBe("0 Revised @2");
        Kept().Cost.ShouldBe(0.25m);
    }

    [Theory]
    [InlineData(RecordingMode.Polled)]
    [InlineData(RecordingMode.Pushed)]
    public void A_pending_record_never_takes_a_known_cost_away(RecordingMode mode)
    {
        Record(Priced, RecordingMode.Polled);

        Record(Pending, mode).ShouldBe("0 Duplicate @1");
    }

    [Fact]
    public void A_polled_record_corrects_a_known_cost_and_a_pushed_one_does_not()
    {
        Record(Priced, RecordingMode.Pushed);

        Record(Priced with { Cost = 0.5m }, RecordingMode.Pushed).ShouldBe("0 Duplicate @1");
        Record(Priced with { Cost = 0.5m }, RecordingMode.Polled).ShouldBe("0 Revised @2");
        Record(Priced, RecordingMode.Pushed).ShouldBe("0 Duplicate @2");
        Kept().Cost.ShouldBe(0.5m);
    }

    [Fact]
    public void A_polled_record_without_cost_still_corrects_the_quantity()
    {
        Record(Priced, RecordingMode.Polled);

        Record(Pending with { Quantity = 62 }, RecordingMode.Polled).ShouldBe("0 Revised @2");
        Kept().ShouldBe(Priced with { Quantity = 62 });
    }

    [Fact]
    public void A_leg_that_was_charged_before_a_policy_of_who_bills_keeps_its_price()
    {
        Record(Priced, RecordingMode.Polled);

        Record(TelephonyBilling.Settle(Priced, TelephonyBiller.Twilio, TelephonyBiller.Retell), RecordingMode.Polled).ShouldBe("0 Duplicate @1");
        Record(TelephonyBilling.Settle(Pending, TelephonyBiller.Twilio, TelephonyBiller.Retell), RecordingMode.Polled).ShouldBe("0 Duplicate @1");
        var corrected = Priced with { Cost = 0.3m };
        Record(TelephonyBilling.Settle(corrected, TelephonyBiller.Twilio, TelephonyBiller.Retell), RecordingMode.Polled).ShouldBe("0 Revised @2");
        Kept().ShouldBe(corrected);
    }

    [Fact]
    public void A_leg_whose_price_was_never_known_follows_the_policy_of_who_bills()
    {
        var settled = TelephonyBilling.Settle(Priced, TelephonyBiller.Twilio, TelephonyBiller.Retell);
        Record(Pending, RecordingMode.Polled);

        Record(settled, RecordingMode.Polled).ShouldBe("0 Revised @2");
        Kept().ShouldBe(settled);
        Record(settled, RecordingMode.Polled).ShouldBe("0 Duplicate @2");
        Record(Priced, RecordingMode.Polled).ShouldBe("0 Revised @3");
        Kept().ShouldBe(Priced);
    }

    [Theory]
    [InlineData(RecordingMode.Polled)]
    [InlineData(RecordingMode.Pushed)]
    public void What_was_attributed_stays_so_whatever_the_vendor_repeats(RecordingMode mode)
    {
        Record(Pending with { ClientId = "contoso", AgentId = "hotline" }, RecordingMode.Polled);

        Record(Pending, mode).ShouldBe("0 Duplicate @1");
        Record(Priced with { ClientId = "fabrikam" }, mode).ShouldBe("0 Revised @2");
        Kept().ShouldBe(Priced with { ClientId = "contoso", AgentId = "hotline" });
    }

    [Fact]
    public void What_nobody_had_claimed_moves_to_the_client_that_a_mapping_names_now()
    {
        Record(Priced, RecordingMode.Polled);

        Record(Priced with { ClientId = "contoso" }, RecordingMode.Polled).ShouldBe("0 Revised @3");
        _log.Events.Select(stored => stored.Stream).ShouldBe(["unattributed-" + Priced.Source, "unattributed-" + Priced.Source, "client-contoso"]);
    }

    [Fact]
    public void Who_does_not_name_whose_usage_it_is_takes_nothing_away()
    {
        var told = Pending with { Attributes = [new("mapping.apikey", "alpha"), new("model", "m1")] };
        Record(told, RecordingMode.Pushed);

        Record(Priced with { Attributes = [new("byok", "true")] }, RecordingMode.Polled).ShouldBe("0 Revised @2");
        Kept().Attributes.ShouldBe([new("byok", "true"), new("mapping.apikey", "alpha")]);
        Record(Priced with { Attributes = [new("mapping.apikey", "beta")] }, RecordingMode.Polled).ShouldBe("0 Revised @3");
        Kept().Attributes.ShouldBe([new("mapping.apikey", "beta")]);
    }

    [Theory]
    [InlineData(RecordingMode.Polled)]
    [InlineData(RecordingMode.Pushed)]
    public void A_voided_usage_stays_out_and_repeats_of_it_are_duplicates(RecordingMode mode)
    {
        Record(Pending, RecordingMode.Polled);
        _log.Void(Pending.Key(LogInMemory.Tenant).Id);

        Record(Priced, mode).ShouldBe("0 Duplicate @2");
        _log.Events.Count.ShouldBe(2);
    }

    [Fact]
    public void An_answer_asked_for_before_what_is_known_was_recorded_never_replaces_it()
    {
        Record(Pending, RecordingMode.Polled, askedAfter: 0);

        Record(Priced, RecordingMode.Polled, askedAfter: 0).ShouldBe("0 Duplicate @1 overtaken");
        Record(Priced, RecordingMode.Polled, askedAfter: 1).ShouldBe("0 Revised @2");
        Record(Priced with { Cost = 0.2m }, RecordingMode.Polled, askedAfter: 1).ShouldBe("0 Duplicate @2 overtaken");
        Kept().Cost.ShouldBe(0.25m);
    }

    [Fact]
    public void An_older_answer_that_says_the_same_is_a_duplicate_and_nothing_more()
    {
        Record(Priced, RecordingMode.Polled, askedAfter: 0);

        Record(Priced, RecordingMode.Polled, askedAfter: 0).ShouldBe("0 Duplicate @1");
        Record(Pending, RecordingMode.Polled, askedAfter: 0).ShouldBe("0 Duplicate @1");
    }

    private string Record(UsageRecord record, RecordingMode mode, long? askedAfter = null) =>
        RecordingSpecs.Told(_log.Record(new ParsedUsage(record, mode, []) { AskedAfter = askedAfter })).ShouldHaveSingleItem();

    private UsageRecord Kept() => UsageRecordJson.Read(UsageState.After(_log.Events[^1]).Record);
}
