using NodaTime;
using UsageLedger.IntegrationSpecs.Collecting.FourthVendor;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>Two answers at once: the older one may arrive last, and never wins.</summary>
public sealed class OvertakenSpecs
{
    private const string Open = "select count(*) from ledger.inbox_items where status <> 'done'";

    [Fact]
    public async Task An_older_page_of_a_run_does_not_replace_what_a_fetch_has_recorded_meanwhile()
    {
        await using var ledger = await StartedAsync();
        var (caller, gate, asked) = (await ledger.CallerAsync(), new TaskCompletionSource(), new TaskCompletionSource());
        ledger.Bureau.BeforePage = async _ =>
        {
            asked.TrySetResult();
            await gate.Task;
        };
        (await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}""")).Status.ShouldBe(202);
        await asked.Task;

        ledger.Bureau.Send("a", ledger.Bureau.Faxes["a"].SentAt, price: 0.2m);
        await AnnounceAsync(ledger, "changed a");
        await SpecLog.UntilAsync(async () => (await ledger.UsageAsync()).SequenceEqual(["fax:a 0.2 usage_recorded"]), "the fetch is recorded");
        gate.SetResult();

        await ledger.UntilAsync(Open, "0", "the run has ended, and what followed");
        (await ledger.UsageAsync()).ShouldBe(["fax:a 0.2 usage_recorded"]);
        ledger.Bureau.Asked.ShouldBe(["from 0", "fetch a", "fetch a"]);
    }

    [Fact]
    public async Task An_older_fetch_does_not_replace_what_a_run_has_recorded_and_where_it_was_the_newer_it_comes_again()
    {
        await using var ledger = await StartedAsync();
        var (caller, gate, asked) = (await ledger.CallerAsync(), new TaskCompletionSource(), new TaskCompletionSource());
        ledger.Bureau.BeforeFetch = async () =>
        {
            asked.TrySetResult();
            await gate.Task;
        };
        await AnnounceAsync(ledger, "changed a");
        await asked.Task;

        ledger.Bureau.Send("a", ledger.Bureau.Faxes["a"].SentAt, price: 0.2m);
        (await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}""")).Status.ShouldBe(202);
        await SpecLog.UntilAsync(async () => (await ledger.UsageAsync()).SequenceEqual(["fax:a 0.2 usage_recorded"]), "the run is recorded");
        ledger.Bureau.Send("a", ledger.Bureau.Faxes["a"].SentAt, price: 0.3m);
        gate.SetResult();

        await ledger.UntilAsync(Open, "0", "the fetch has ended, and what followed");
        (await ledger.UsageAsync()).ShouldBe(["fax:a 0.3 usage_revised"]);
        ledger.Bureau.Asked.Count(what => what == "fetch a").ShouldBe(2);
    }

    [Fact]
    public async Task What_has_no_name_to_be_asked_for_by_comes_again_with_its_page_in_the_same_run()
    {
        await using var ledger = await StartedAsync();
        ledger.Bureau.NamesFaxes = false;
        var (caller, gate, asked) = (await ledger.CallerAsync(), new TaskCompletionSource(), new TaskCompletionSource());
        (await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}""")).Status.ShouldBe(202);
        await ledger.UntilAsync(Open, "0", "the first run has ended");
        ledger.Bureau.Send("a", ledger.Bureau.Faxes["a"].SentAt, price: 0.2m);
        ledger.Bureau.BeforePage = async _ =>
        {
            asked.TrySetResult();
            await gate.Task;
        };
        (await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}""")).Status.ShouldBe(202);
        await asked.Task;

        await caller.PutAsync("/v1/mappings/desk", """{"provider":"fax-bureau","key":"agent:desk","clientId":"contoso"}""");
        await SpecLog.UntilAsync(async () => (await ledger.UsageAsync()).SequenceEqual(["fax:a 0.1 usage_attributed"]), "the usage is its client's");
        gate.SetResult();

        await ledger.UntilAsync(Open, "0", "the run has ended");
        (await ledger.UsageAsync()).ShouldBe(["fax:a 0.2 usage_revised"]);
        ledger.Bureau.Asked.ShouldBe(["from 0", "from 0", "from 0"]);
    }

    private static async Task<CollectingLedger> StartedAsync()
    {
        var ledger = await CollectingLedger.OpenAsync();
        ledger.Bureau.Send("a", ledger.Clock.Now - Duration.FromMinutes(1), price: 0.1m);
        await ledger.StartAsync();
        return ledger;
    }

    private static async Task AnnounceAsync(CollectingLedger ledger, string body) =>
        (await ledger.Caller().PostAsync("/v1/webhooks/acme/fax-main", body, "text/plain", (FaxWebhooks.Header, CollectingLedger.Secret))).Status.ShouldBe(200);
}
