using Microsoft.Extensions.Hosting;
using NodaTime;
using UsageLedger.Collecting.Scheduling;
using UsageLedger.Coverage;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.IntegrationSpecs.Collecting.FourthVendor;

namespace UsageLedger.IntegrationSpecs.Credentials;

/// <summary>A host that has not the master key of its database: what needs no key works, and what does waits for a host that has it.</summary>
public sealed class StrangeHostSpecs
{
    private const string Usage = """
        {"idempotencyKey":"1","clientId":"contoso","provider":"voice","metric":"call","quantity":"1","unit":"call","cost":"0.5","occurredAt":"2026-10-05T10:00:00Z"}
        """;

    private const string Items = "select kind || ' ' || status || ' ' || attempts from ledger.inbox_items";

    private const string Measured = "select exists (select from ledger.mt_events where type = 'day_rolled_up' and tenant_id = 'zenith')::text";

    [Fact]
    public async Task It_records_and_reads_and_says_what_it_cannot_open_and_leaves_the_inbox_to_others()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Bureau.Send("a", ledger.Clock.Now);
        await ledger.Get<InboxStore>().AddAsync(new NewInboxItem("acme", InboxKinds.Fetch, "fax-main", "kept", "spec", "[\"a\"]"u8.ToArray()), default);
        ledger.Build(keysDir: SpecFolders.Next());
        await ledger.StartAsync(1);
        var caller = ledger.Caller(key: await ledger.KeyAsync(), host: 1);

        var recorded = await caller.UsageAsync(Usage);
        recorded.Told.ShouldBe("200 1 accepted");
        (await caller.GetAsync($"/v1/clients/contoso/cycles/current?minPosition={recorded.Position}")).Json["totals"]![0]!["cost"]!.ToString().ShouldBe("0.5");
        (await caller.GetAsync("/v1/inbox")).Items.ShouldHaveSingleItem();
        foreach (var refused in new[]
        {
            await caller.PostAsync("/v1/webhooks/acme/fax-main", "hello", "text/plain", (FaxWebhooks.Header, CollectingLedger.Secret)),
            await caller.PostAsync("/v1/sources/fax-main/validate", "{}"),
            await caller.PostAsync("/v1/collections", """{"sourceId":"fax-main"}"""),
        })
        {
            (refused.Status, refused.Code, refused.Header("Retry-After")).ShouldBe((503, "master_key_missing", "60"), refused.Text);
        }

        (await ledger.RowsAsync(Items)).ShouldBe(["fetch queued 0"]);
        await ledger.StartAsync(0);
        await ledger.UntilAsync(Items, "fetch done 1", "a host that has the key has done it");
        (await ledger.UsageAsync()).ShouldContain("fax:a 0.07 usage_recorded");
        (await caller.UsageAsync(Usage)).Told.ShouldBe("200 1 duplicates", "it has not come to grief over what it cannot open");
    }

    [Fact]
    public async Task It_stays_up_where_work_is_due_that_it_cannot_seal_and_goes_on_with_other_tenants()
    {
        await using var ledger = await CollectingLedger.OpenAsync(schedule: "0 0 29 2 *");
        await ledger.ConfigureAsync("zenith", CollectingLedger.SourceId);
        await ledger.Get<InboxStore>().AddAsync(new NewInboxItem("acme", InboxKinds.Fetch, "fax-main", "kept", "spec", "[\"a\"]"u8.ToArray()), default);
        ledger.Bureau.TellsTotals = true;
        await ledger.ConfigureAsync(CollectingLedger.Tenant, "fax-second", schedule: "0 0 29 2 *");
        var (now, from) = (ledger.Clock.Now, ledger.Clock.Now - Duration.FromDays(2));
        await ledger.CompletedAsync(now - Duration.FromDays(1_500));
        await ledger.CompletedAsync(now, sourceId: "fax-second", from: from);
        (ledger.Pace, ledger.RollUps) = (new SchedulePace(TimeSpan.FromMilliseconds(10), CatchUpRounds: 1), new RollUpPace(TimeSpan.FromMilliseconds(10)));
        ledger.Build(keysDir: SpecFolders.Next());
        await ledger.StartAsync(1);
        await ledger.UntilAsync("select count(*) from read.collection_cursors", "2", "the cursors are known");

        await ledger.CompletedAsync(now, "zenith", from: from);
        await ledger.UntilAsync(Measured, "true", "the days of the tenant that comes later are measured");

        ledger.Get<IHostApplicationLifetime>(1).ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
        (await ledger.Caller(key: await ledger.KeyAsync(), host: 1).UsageAsync(Usage)).Told.ShouldEndWith("accepted");
        (await ledger.RowsAsync(Items)).ShouldBe(["fetch queued 0"]);
    }
}
