using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.IntegrationSpecs.Collecting.FourthVendor;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.Receiving;

namespace UsageLedger.IntegrationSpecs.Receiving;

public sealed class WebhookPlaceSpecs
{
    private const int AtOnce = 64;
    private const int Waiting = 512;

    [Fact]
    public async Task So_many_deliveries_are_read_at_once_and_so_many_wait_and_the_next_is_to_come_again()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.StartAsync();
        var places = ledger.Get<WebhookPlaces>();
        var held = Enumerable.Range(0, AtOnce).Select(tenant => places.TakeAsync(Of($"tenant-{tenant}", 1), default)).Select(place => place.Result!).ToList();
        held.ShouldAllBe(place => place != null);
        var waiting = Enumerable.Range(0, Waiting).Select(i => places.TakeAsync(Of($"tenant-{i % AtOnce}", 1), default).AsTask()).ToList();
        waiting.ShouldAllBe(place => !place.IsCompleted);

        var refused = await DeliverAsync(ledger.Caller());
        var unsigned = await ledger.Caller().PostAsync("/v1/webhooks/acme/fax-main", "hello");

        (refused.Status, refused.Code, refused.Header("Retry-After")).ShouldBe((503, "inbox_full", "60"));
        unsigned.Status.ShouldBe(401, "who signs nothing takes no place");
        held.ForEach(place => place.Dispose());
        foreach (var place in waiting)
            (await place)!.Dispose();
        (await DeliverAsync(ledger.Caller())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Of_one_source_a_quarter_are_read_at_once_and_the_next_of_another_is_read_too()
    {
        using var places = new WebhookPlaces();
        var own = Enumerable.Range(0, AtOnce).Select(_ => places.TakeAsync(Of("acme", 1), default).AsTask()).ToList();

        own.Count(place => place.IsCompleted).ShouldBe(AtOnce / 4);
        (await places.TakeAsync(Of("acme", 2), default)).ShouldNotBeNull().Dispose();
    }

    [Fact]
    public async Task Of_all_sources_of_a_tenant_half_are_read_at_once_and_a_part_wait_and_the_next_of_another_tenant_is_read_too()
    {
        const int sources = 40;
        using var places = new WebhookPlaces();
        var own = Enumerable.Range(0, sources * AtOnce).Select(i => places.TakeAsync(Of("acme", i % sources), default).AsTask()).ToList();

        own.Count(place => place is { IsCompleted: true, Result: not null }).ShouldBe(AtOnce / 2);
        var next = places.TakeAsync(Of("globex", 1), default);

        next.IsCompleted.ShouldBeTrue();
        (await next).ShouldNotBeNull().Dispose();
        var waiting = own.Where(place => !place.IsCompleted).ToList();
        foreach (var place in own.Where(place => place.IsCompleted))
            (await place)?.Dispose();
        foreach (var place in waiting)
            (await place)?.Dispose();
    }

    private static Source Of(string tenant, int source) => new(tenant, $"fax-{source}", "fax", new Uri("https://vendor.example"), null, Duration.Zero, new Dictionary<string, string>());

    private static Task<Reply> DeliverAsync(Caller caller) =>
        caller.PostAsync("/v1/webhooks/acme/fax-main", "hello", "text/plain", (FaxWebhooks.Header, CollectingLedger.Secret));
}
