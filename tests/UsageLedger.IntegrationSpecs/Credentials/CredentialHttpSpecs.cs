using System.Net;
using NodaTime;
using UsageLedger.Credentials;
using UsageLedger.IntegrationSpecs.Collecting;

namespace UsageLedger.IntegrationSpecs.Credentials;

public sealed class CredentialHttpSpecs
{
    private const string Path = "/v1/sources/main/credentials";

    [Fact]
    public async Task What_was_set_opens_for_a_purpose_and_each_run_is_told_once()
    {
        await using var server = await StartAsync();
        var vault = server.Get<CredentialVault>();

        var set = await server.PutAsync(Path, """{"values":{"apiKey":"key_1","webhookSecret":"w"}}""");
        var opened = await vault.OpenAsync(SourcesServer.Configured(), "collection", "run-1", default);
        await vault.OpenAsync(SourcesServer.Configured(), "collection", "run-1", default);
        await vault.OpenAsync(SourcesServer.Configured(), "collection", "run-2", default);

        opened.Single().Id.ShouldBe(set.GetProperty("id").GetString());
        opened.Single().Values.ShouldBe(new Dictionary<string, string> { ["apiKey"] = "key_1", ["webhookSecret"] = "w" });
        (await server.Books.Log.RowsAsync("select type, correlation_id from ledger.mt_events where type = 'credential_read' order by seq_id"))
            .ShouldBe(["credential_read run-1", "credential_read run-2"]);
        (await server.GetAsync("/v1/sources/main")).GetProperty("hasCredentials").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Webhooks_are_told_once_an_hour()
    {
        await using var server = await StartAsync();
        await server.PutAsync(Path, """{"values":{"apiKey":"key_1"}}""");

        for (var i = 0; i < 5; i++)
            await server.Get<CredentialVault>().OpenAsync(SourcesServer.Configured(), CredentialVault.Webhooks, $"hook-{i}", default);
        server.Books.Now += Duration.FromHours(1);
        await server.Get<CredentialVault>().OpenAsync(SourcesServer.Configured(), CredentialVault.Webhooks, "hook-6", default);

        (await server.Books.Log.AskAsync<long>("select count(*) from ledger.mt_events where type = 'credential_read'")).ShouldBe(2);
    }

    [Fact]
    public async Task During_a_grace_both_count_newest_first_and_then_the_newest_alone()
    {
        await using var server = await StartAsync();
        var vault = server.Get<CredentialVault>();
        await server.PutAsync(Path, """{"values":{"apiKey":"key_1"}}""");
        server.Books.Now += Duration.FromHours(1);

        await server.PutAsync(Path, """{"values":{"apiKey":"key_2"},"graceSeconds":600}""");

        server.Books.Now += Duration.FromSeconds(599);
        (await vault.OpenAsync(SourcesServer.Configured(), "collection", "a", default)).Select(one => one.Values["apiKey"]).ShouldBe(["key_2", "key_1"]);
        var listed = (await server.GetAsync(Path)).GetProperty("items").EnumerateArray().ToList();
        listed.Select(one => one.GetProperty("expiresAt").GetString()).ShouldBe([null, "2026-10-05T13:10:00Z"]);

        server.Books.Now += Duration.FromSeconds(1);
        (await vault.OpenAsync(SourcesServer.Configured(), "collection", "b", default)).Select(one => one.Values["apiKey"]).ShouldBe(["key_2"]);
        (await server.GetAsync(Path)).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task What_has_run_out_is_erased_by_the_next_that_is_set()
    {
        await using var server = await StartAsync();
        foreach (var key in (string[])["key_1", "key_2", "key_3"])
            await server.PutAsync(Path, $$$"""{"values":{"apiKey":"{{{key}}}"}}""");

        (await server.Books.Log.AskAsync<long>("select count(*) from ledger.credentials")).ShouldBe(2);
        (await server.Books.Log.AskAsync<long>("select count(*) from ledger.mt_events where type = 'credential_set'")).ShouldBe(3);
    }

    [Theory]
    [InlineData("{}", "/values")]
    [InlineData("""{"values":"key"}""", "/values")]
    [InlineData("""{"values":{}}""", "/values/apiKey")]
    [InlineData("""{"values":{"apiKey":""}}""", "/values/apiKey")]
    [InlineData("""{"values":{"apiKey":1}}""", "/values/apiKey")]
    [InlineData("""{"values":{"apiKey":"k","apikey":"k"}}""", "/values/apikey")]
    [InlineData("""{"values":{"apiKey":"k"},"graceSeconds":-1}""", "/graceSeconds")]
    public async Task Only_the_names_that_the_provider_has_are_taken(string body, string at)
    {
        await using var server = await StartAsync();

        var problem = await server.PutAsync(Path, body, HttpStatusCode.UnprocessableEntity);

        problem.GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe(at);
        (await server.Books.Log.AskAsync<long>("select count(*) from ledger.credentials")).ShouldBe(0);
    }

    [Fact]
    public async Task A_row_without_its_event_does_not_count()
    {
        await using var server = await StartAsync();
        await server.PutAsync(Path, """{"values":{"apiKey":"key_1"}}""");
        await server.Books.Log.DoAsync("""
            insert into ledger.credentials select gen_random_uuid(), tenant_id, source_id, 0, master_key_id, sealed_key, sealed_values, created_at from ledger.credentials
            """);

        (await server.Get<CredentialVault>().OpenAsync(SourcesServer.Configured(), "collection", "a", default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Only_admin_sets_them()
    {
        await using var server = await StartAsync();

        foreach (var scope in (string[])["ingest", "query", "collect", "audit"])
            (await server.SendAsync(HttpMethod.Put, Path, """{"values":{"apiKey":"k"}}""", scope)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<SourcesServer> StartAsync()
    {
        var server = await SourcesServer.StartAsync();
        await server.ConfigureAsync();
        return server;
    }
}
