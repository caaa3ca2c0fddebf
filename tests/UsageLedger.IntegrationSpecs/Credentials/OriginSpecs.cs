using System.Net;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Appending;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.IntegrationSpecs.Cycles;

namespace UsageLedger.IntegrationSpecs.Credentials;

/// <summary>Credentials go to no other host than they were set for.</summary>
public sealed class OriginSpecs
{
    private const string Path = "/v1/sources/main/credentials";
    private const string Values = """{"values":{"apiKey":"key_1"}}""";

    [Fact]
    public async Task A_source_that_is_pointed_elsewhere_has_no_credentials_until_they_are_set_again()
    {
        await using var server = await StartAsync();
        await server.PutAsync(Path, Values);

        await PointAsync(server, "https://thief.example");

        var told = await Should.ThrowAsync<VendorException>(() => server.Get<VendorAccounts>().OpenAsync(SourcesServer.Configured(baseUrl: "https://thief.example"), "collect", "c", default));
        told.Code.ShouldBe("credentials_elsewhere");
        told.Message.ShouldContain("set them again");
        var validation = await BooksCaller.ReadAsync(await server.SendAsync(HttpMethod.Post, "/v1/sources/main/validate"), HttpStatusCode.OK);
        validation.GetProperty("valid").GetBoolean().ShouldBeFalse();
        validation.GetProperty("problems")[0].GetString().ShouldBe(told.Message);
        await server.PutAsync(Path, """{"values":{"apiKey":"key_2"}}""");
        (await OpenAsync(server, "https://thief.example")).ShouldBe(["key_2"]);
        (await OpenAsync(server, "https://api.spec.example")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("https://API.spec.example:443/v2", true)]
    [InlineData("https://api.spec.example:8443", false)]
    [InlineData("http://api.spec.example", false)]
    [InlineData("https://api.spec.example.thief.example", false)]
    public async Task Scheme_host_and_port_are_the_origin_and_the_path_is_not(string baseUrl, bool isSame)
    {
        await using var server = await StartAsync();
        await server.PutAsync(Path, Values);

        (await OpenAsync(server, baseUrl)).ShouldBe(isSame ? ["key_1"] : []);
    }

    [Fact]
    public async Task What_was_sealed_before_origins_were_is_bound_to_where_its_source_lay_then()
    {
        await using var server = await StartAsync();
        var old = SealedCredential.Seal(Guid.NewGuid(), "acme", "main", new Dictionary<string, string> { ["apiKey"] = "key_old" }, server.Get<MasterKeys>().Current());
        await CredentialRows.AddAsync(server.Books.Log.Database, old, 0, server.Books.Now, default);
        var set = CredentialEvents.Set(old, 0);
        await server.Books.Appender.AppendAsync(new AppendRequest("acme", "spec", [new AppendItem(set.Id, set)]), default);
        (await OpenAsync(server, "https://api.spec.example")).ShouldBe(["key_old"]);

        await PointAsync(server, "https://thief.example");

        (await OpenAsync(server, "https://thief.example")).ShouldBeEmpty();
        (await OpenAsync(server, "https://api.spec.example")).ShouldBe(["key_old"]);
    }

    [Fact]
    public async Task Nobody_sets_an_origin_by_hand()
    {
        await using var server = await StartAsync();

        var refused = await server.PutAsync(Path, """{"values":{"apiKey":"key_1","@origin":"https://thief.example"}}""", HttpStatusCode.UnprocessableEntity);

        refused.GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe("/values/@origin");
        await server.PutAsync(Path, Values);
        (await server.Get<CredentialVault>().OpenAsync(SourcesServer.Configured(), "collection", "c", default)).Single().Values.Keys.ShouldBe(["apiKey"]);
    }

    private static async Task PointAsync(SourcesServer server, string baseUrl) =>
        await server.PutAsync("/v1/sources/main", SourcesServer.Configuration.Replace("https://api.spec.example", baseUrl, StringComparison.Ordinal));

    private static async Task<IEnumerable<string>> OpenAsync(SourcesServer server, string baseUrl) =>
        (await server.Get<CredentialVault>().OpenAsync(SourcesServer.Configured(baseUrl: baseUrl), "collection", "c", default)).Select(one => one.Values["apiKey"]);

    private static async Task<SourcesServer> StartAsync()
    {
        var server = await SourcesServer.StartAsync();
        await server.ConfigureAsync();
        return server;
    }
}
