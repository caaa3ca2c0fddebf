using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Recording;

/// <summary>A request that is sent again under its Idempotency-Key has the first answer.</summary>
[Collection(RecordingOverHttp.Name)]
public sealed class IdempotencyKeySpecs(RecordingServer server)
{
    private static readonly (string, string) Key = ("Idempotency-Key", "batch 7");

    [Fact]
    public async Task What_was_accepted_is_told_as_accepted_again()
    {
        var acme = await server.TenantAsync();
        var body = Usage.Array(Usage.Record("one"), Usage.Record("two", ("quantity", "-1")));

        var first = await acme.UsageAsync(body, Caller.Json, Key);
        var again = await acme.UsageAsync(body, Caller.Json, Key);

        first.Told.ShouldBe("200 1 accepted 1 rejected");
        again.Text.ShouldBe(first.Text);
        (first.Header("Idempotency-Replayed"), again.Header("Idempotency-Replayed")).ShouldBe(("", "true"));
        (await acme.UsageAsync(body)).Told.ShouldBe("200 1 duplicates 1 rejected");
        (await server.EventsAsync(acme)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_body_under_the_key_is_refused_and_nothing_of_it_recorded()
    {
        var acme = await server.TenantAsync();
        await acme.UsageAsync(Usage.Record("one"), Caller.Json, Key);

        var other = await acme.UsageAsync(Usage.Record("two"), Caller.Json, Key);

        (other.Status, other.Code).ShouldBe((422, "idempotency_key_reused"));
        (await server.EventsAsync(acme)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refusals_are_told_again_too()
    {
        var acme = await server.TenantAsync();
        var bad = Usage.Record("one", ("quantity", "-1"));

        var first = await acme.UsageAsync(bad, Caller.Json, Key);
        var again = await acme.UsageAsync(bad, Caller.Json, Key);

        (again.Status, again.Text).ShouldBe((422, first.Text));
        again.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_void_is_told_again_as_it_was()
    {
        var acme = await server.TenantAsync();
        var path = $"/v1/usage/{(await acme.UsageAsync(Usage.Record("one"))).EventId()}/void";

        var first = await acme.PostAsync(path, """{"reason":"twice"}""", Caller.Json, Key);
        var again = await acme.PostAsync(path, """{"reason":"twice"}""", Caller.Json, Key);

        (first.Told, again.Text).ShouldBe(("200 1 accepted", first.Text));
    }
}
