using NodaTime;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.IntegrationSpecs.Collecting.FourthVendor;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Receiving;

public sealed class WebhookSpecs
{
    private const string Door = "/v1/webhooks/acme/fax-main";
    private const string Items = "select kind || ' ' || status || coalesce(' ' || reason, '') from ledger.inbox_items order by kind, status";

    [Fact]
    public async Task A_signed_delivery_is_recorded_once_however_often_it_comes()
    {
        await using var ledger = await StartedAsync();
        ledger.Bureau.Send("a", ledger.Clock.Now);

        for (var i = 0; i < 3; i++)
            (await DeliverAsync(ledger, "sent a 0.07 +15005550006")).Status.ShouldBe(200);

        await ledger.UntilAsync(Items, "webhook done", "the delivery is read");
        (await ledger.UsageAsync()).ShouldBe(["fax:a 0.07 usage_recorded"]);
        (await ledger.RowsAsync("select coalesce(octet_length(body), 0) from ledger.inbox_items")).ShouldBe(["0"], "its body is forgotten");
    }

    [Fact]
    public async Task A_delivery_may_be_put_as_well_as_posted()
    {
        await using var ledger = await StartedAsync();
        ledger.Bureau.Send("a", ledger.Clock.Now);
        using var signed = new StringContent("sent a 0.07");
        using var unsigned = new StringContent("sent a 0.08");

        (await ledger.Caller().SendAsync(HttpMethod.Put, Door, signed, (FaxWebhooks.Header, CollectingLedger.Secret))).Status.ShouldBe(200);
        (await ledger.Caller().SendAsync(HttpMethod.Put, Door, unsigned)).Status.ShouldBe(401);
        (await DeliverAsync(ledger, "sent a 0.07")).Status.ShouldBe(200);

        await ledger.UntilAsync(Items, "webhook done", "both are one item, which is read");
        (await ledger.UsageAsync()).ShouldBe(["fax:a 0.07 usage_recorded"]);
    }

    [Fact]
    public async Task What_cannot_be_done_now_waits_sealed_and_is_done_later()
    {
        await using var ledger = await StartedAsync();

        (await DeliverAsync(ledger, "sent nowhere 0.07 +15005550006 hello-there")).Status.ShouldBe(200);

        await ledger.UntilAsync(
            Items, "webhook failed internal_error: The ledger failed with a KeyNotFoundException; its log tells more.", "the reader has failed");
        var dump = string.Join('\n', await ledger.RowsAsync("select encode(body, 'escape') || i::text from ledger.inbox_items i"));
        dump.ShouldNotBeEmpty();
        dump.ShouldNotContain("15005550006");
        dump.ShouldNotContain("hello-there");
        ledger.Bureau.Send("nowhere", ledger.Clock.Now);
        ledger.Clock.Now += Duration.FromMinutes(2);
        await ledger.UntilAsync(Items, "webhook done", "the second try has read it");
    }

    [Fact]
    public async Task What_a_delivery_only_announces_is_asked_for()
    {
        await using var ledger = await StartedAsync();
        ledger.Bureau.Send("a", ledger.Clock.Now, price: 0.2m);

        (await DeliverAsync(ledger, "changed a")).Status.ShouldBe(200);

        await ledger.UntilAsync(Items, "fetch done,webhook done", "it was asked for");
        ledger.Bureau.Asked.ShouldBe(["fetch a"]);
        (await ledger.UsageAsync()).ShouldBe(["fax:a 0.2 usage_recorded"]);
    }

    [Fact]
    public async Task A_late_delivery_never_replaces_a_cost_that_is_known()
    {
        await using var ledger = await StartedAsync();
        ledger.Bureau.Send("a", ledger.Clock.Now, price: 0.2m);
        await DeliverAsync(ledger, "changed a");
        await ledger.UntilAsync(Items, "fetch done,webhook done", "it was asked for");

        await DeliverAsync(ledger, "sent a 0.07");
        await DeliverAsync(ledger, "sent a -");

        await ledger.UntilAsync(Items, "fetch done,webhook done,webhook done,webhook done", "all are read");
        (await ledger.UsageAsync()).ShouldBe(["fax:a 0.2 usage_recorded"]);
    }

    [Fact]
    public async Task What_cannot_be_read_is_taken_quarantined_and_replayed()
    {
        await using var ledger = await StartedAsync();

        (await DeliverAsync(ledger, "burnt a")).Status.ShouldBe(200);

        await ledger.UntilAsync(Items, "webhook quarantined unknown_event: The event is of no kind that is known.", "it is quarantined");
        var caller = await ledger.CallerAsync();
        var item = (await caller.GetAsync("/v1/inbox?status=quarantined")).Items.ShouldHaveSingleItem();
        ((string)item["sourceId"]!, (string)item["kind"]!).ShouldBe(("fax-main", "webhook"));
        (await caller.GetAsync($"/v1/inbox/{item["id"]}")).Text.ShouldNotContain("burnt");
        (await (await ledger.CallerAsync("other")).GetAsync($"/v1/inbox/{item["id"]}")).Status.ShouldBe(404);
        (await caller.PostAsync($"/v1/inbox/{item["id"]}/retry", "{}")).Status.ShouldBe(200);
        await ledger.UntilAsync("select status || attempts from ledger.inbox_items", "quarantined1", "it was read again");
        (await caller.SendAsync(HttpMethod.Delete, $"/v1/inbox/{item["id"]}", null)).Status.ShouldBe(204);
        (await caller.SendAsync(HttpMethod.Delete, $"/v1/inbox/{item["id"]}", null)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_can_be_read_of_a_delivery_is_recorded_though_another_part_cannot()
    {
        await using var ledger = await StartedAsync();
        ledger.Bureau.Send("a", ledger.Clock.Now, price: 0.1m);
        ledger.Bureau.Send("b", ledger.Clock.Now, price: 0.2m);

        (await DeliverAsync(ledger, "mixed a b")).Status.ShouldBe(200);

        await ledger.UntilAsync(Items, "fetch done,webhook quarantined not_normalised: A part of it is of no kind that is known.", "all of it was tried");
        (await ledger.UsageAsync()).ShouldBe(["fax:a 0.1 usage_recorded", "fax:b 0.2 usage_recorded"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_was_asked_for_and_cannot_be_normalised_is_quarantined_by_name()
    {
        await using var ledger = await StartedAsync();
        ledger.Bureau.Send("blank", ledger.Clock.Now, price: 0.1m, pages: 0);

        (await DeliverAsync(ledger, "changed blank")).Status.ShouldBe(200);

        await ledger.UntilAsync(Items, "fetch quarantined not_normalised: blank: it has no pages.,webhook done", "it is named");
        (await ledger.UsageAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("changed", "fetch quarantined not_normalised: fax:a: its time is ahead of the clock by more than a day.,webhook done")]
    [InlineData("sent", "webhook quarantined fax:a: its time is ahead of the clock by more than a day")]
    public async Task A_time_ahead_of_the_clock_is_not_booked_and_can_be_tried_again(string says, string expected)
    {
        await using var ledger = await StartedAsync();
        ledger.Bureau.Send("a", ledger.Clock.Now + Duration.FromHours(25));

        (await DeliverAsync(ledger, $"{says} a{(says == "sent" ? " 0.07" : "")}")).Status.ShouldBe(200);

        await ledger.UntilAsync(Items, expected, "it is named");
        (await ledger.UsageAsync()).ShouldBeEmpty();
        ledger.Clock.Now += Duration.FromHours(2);
        var caller = await ledger.CallerAsync();
        var item = (await caller.GetAsync("/v1/inbox?status=quarantined")).Items.ShouldHaveSingleItem();
        (await caller.PostAsync($"/v1/inbox/{item["id"]}/retry", "{}")).Status.ShouldBe(200);
        await ledger.UntilAsync("select count(*) from ledger.inbox_items where status <> 'done'", "0", "it is taken");
        (await ledger.UsageAsync()).ShouldBe(["fax:a 0.07 usage_recorded"]);
    }

    [Fact]
    public async Task Credentials_that_fetches_read_are_told_once_an_hour()
    {
        await using var ledger = await StartedAsync();
        foreach (var id in (string[])["a", "b", "c"])
        {
            ledger.Bureau.Send(id, ledger.Clock.Now);
            (await DeliverAsync(ledger, $"changed {id}")).Status.ShouldBe(200);
        }

        await ledger.UntilAsync("select count(*) from ledger.inbox_items where kind = 'fetch' and status = 'done'", "3", "all are asked for");
        (await ledger.RowsAsync("select data ->> 'purpose' from ledger.mt_events where type = 'credential_read' order by 1")).ShouldBe(["fetch", "webhooks"]);
    }

    [Fact]
    public async Task Nobody_else_is_let_in()
    {
        await using var ledger = await StartedAsync();
        await ledger.ConfigureAsync("other", "theirs");
        var caller = ledger.Caller();

        (await caller.PostAsync(Door, "hello")).Status.ShouldBe(401);
        (await DeliverAsync(caller, "hello", "wrong")).Code.ShouldBe("bad_signature");
        (await DeliverAsync(caller, "hello", at: "/v1/webhooks/acme/theirs")).Status.ShouldBe(404);
        (await DeliverAsync(caller, "hello", at: "/v1/webhooks/nobody/fax-main")).Status.ShouldBe(404);
        (await DeliverAsync(caller, "hello", at: "/v1/webhooks/NOT%20VALID/fax-main")).Status.ShouldBe(404);
        (await DeliverAsync(caller, new string('x', (64 * 1024) + 1))).Status.ShouldBe(413);
        (await ledger.RowsAsync(Items)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_signature_the_body_is_not_looked_at()
    {
        await using var ledger = await StartedAsync();

        (await ledger.Caller().PostAsync(Door, new string('x', (64 * 1024) + 1))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_credential_that_was_set_a_moment_ago_is_good_at_once()
    {
        await using var ledger = await StartedAsync();
        (await DeliverAsync(ledger.Caller(), "hello", "new-secret-of-the-bureau")).Status.ShouldBe(401);

        using var content = new StringContent("""{"values":{"secret":"new-secret-of-the-bureau"},"graceSeconds":600}""", System.Text.Encoding.UTF8, Caller.Json);
        (await (await ledger.CallerAsync()).SendAsync(HttpMethod.Put, "/v1/sources/fax-main/credentials", content)).Status.ShouldBeInRange(200, 204);

        await SpecLog.UntilAsync(async () => (await DeliverAsync(ledger.Caller(), "hello", "new-secret-of-the-bureau")).Status == 200, "the new one is good");
        (await DeliverAsync(ledger, "hello")).Status.ShouldBe(200, "the old one is in its grace");
    }

    [Fact]
    public async Task A_test_call_without_content_is_answered_and_leaves_nothing()
    {
        await using var ledger = await StartedAsync();
        var caller = ledger.Caller();
        var test = ("X-Test-Connection", "true");

        (await caller.PostAsync(Door, "", "application/json", test)).Status.ShouldBe(200);
        (await caller.PostAsync(Door, "", "application/json", test, ("Authorization", "Bearer wrong"))).Status.ShouldBe(401);
        (await caller.PostAsync(Door, "")).Status.ShouldBe(401);
        (await ledger.RowsAsync(Items)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_idempotency_key_means_nothing_here()
    {
        await using var ledger = await StartedAsync();
        var caller = ledger.Caller();

        foreach (var body in (string[])["hello", "burnt b"])
        {
            var reply = await caller.PostAsync(Door, body, "text/plain", (FaxWebhooks.Header, CollectingLedger.Secret), ("Idempotency-Key", "same"));
            reply.Status.ShouldBe(200);
        }

        (await ledger.RowsAsync("select count(*) from ledger.inbox_items")).ShouldBe(["2"]);
    }

    private static async Task<CollectingLedger> StartedAsync()
    {
        var ledger = await CollectingLedger.OpenAsync();
        await ledger.StartAsync();
        return ledger;
    }

    private static Task<Reply> DeliverAsync(CollectingLedger ledger, string body) => DeliverAsync(ledger.Caller(), body);

    private static Task<Reply> DeliverAsync(Caller caller, string body, string secret = CollectingLedger.Secret, string at = Door) =>
        caller.PostAsync(at, body, "text/plain", (FaxWebhooks.Header, secret));
}
