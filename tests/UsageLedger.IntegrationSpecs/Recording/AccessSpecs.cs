using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Recording;

/// <summary>Who may record: the key first, then the scope, then whose it is, then what is sent.</summary>
[Collection(RecordingOverHttp.Name)]
public sealed class AccessSpecs(RecordingServer server)
{
    [Theory]
    [InlineData("/v1/usage")]
    [InlineData("/v1/events")]
    [InlineData("/v1/usage/3f2b0d6c-8a51-8b7e-9d40-000000000000/void")]
    public async Task Without_a_good_key_it_is_401_and_without_the_scope_403_whatever_is_sent(string path)
    {
        var stranger = new Caller(server.Server.Client, "", null);
        var forger = stranger with { Key = $"ulk_{new string('A', 43)}" };
        var reader = await server.CallerAsync("readers", "query", "audit", "collect");

        foreach (var refused in new[] { await stranger.PostAsync(path, "{", "text/plain"), await forger.PostAsync(path, "{", "text/plain") })
        {
            refused.Status.ShouldBe(401);
            refused.Header("WWW-Authenticate").ShouldBe("Bearer");
            refused.ContentType!.MediaType.ShouldBe("application/problem+json");
        }

        var forbidden = await reader.PostAsync(path, "{", "text/plain");
        forbidden.Status.ShouldBe(403);
        forbidden.Text.ShouldContain("ingest");
        (await server.EventsAsync(reader)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_admin_may_record() =>
        (await (await server.CallerAsync("admins", "admin")).UsageAsync(Usage.Record("one"))).Told.ShouldBe("200 1 accepted");
}
