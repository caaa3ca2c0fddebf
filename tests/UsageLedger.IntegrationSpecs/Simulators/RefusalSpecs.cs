using System.Net.Http.Headers;
using System.Text.Json;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>What a vendor refuses, the simulator refuses in the same words.</summary>
public sealed class RefusalSpecs
{
    [Theory]
    [InlineData("/retell/v2/get-call/x", "status")]
    [InlineData("/twilio/2010-04-01/Accounts/ACx/Messages.json", "code")]
    [InlineData("/2010-04-01/Accounts/ACx/Calls.json", "code")]
    [InlineData("/openrouter/api/v1/credits", "error")]
    public async Task A_key_that_is_none_is_refused(string path, string member)
    {
        await using var server = await SimServer.StartAsync();

        foreach (var key in new[] { null, new AuthenticationHeaderValue("Bearer", "none"), new AuthenticationHeaderValue("Basic", "none") })
        {
            using var refused = await server.SendAsync(HttpMethod.Get, path, key, null);
            ((int)refused.StatusCode).ShouldBe(401);
            JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.TryGetProperty(member, out _).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task An_inference_key_manages_nothing()
    {
        await using var server = await SimServer.StartAsync();
        var key = new AuthenticationHeaderValue("Bearer", server.Directory.Agents[0].Key.Secret);

        foreach (var path in new[] { "activity", "credits", "keys" })
        {
            using var refused = await server.SendAsync(HttpMethod.Get, "/openrouter/api/v1/" + path, key, null);
            ((int)refused.StatusCode).ShouldBe(403);
        }

        (await server.GetAsync("/openrouter/api/v1/key", key)).GetProperty("data").GetProperty("is_management_key").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_subaccount_sees_nothing_of_its_owner()
    {
        await using var server = await SimServer.StartAsync();

        using var refused = await server.SendAsync(HttpMethod.Get, $"/twilio/2010-04-01/Accounts/{server.Directory.TwilioAccounts[0].Sid}/Messages.json", server.Twilio(1), null);

        ((int)refused.StatusCode).ShouldBe(404);
    }

    [Theory]
    [InlineData("""{"limit":1001}""")]
    [InlineData("""{"skip":1,"pagination_key":"x"}""")]
    [InlineData("""{"sort_order":"up"}""")]
    [InlineData("""{"filter_criteria":{"end_timestamp":{"lower_threshold":1}}}""")]
    [InlineData("""{"filter_criteria":{"end_timestamp":{"type":"number","op":"bt","value":1}}}""")]
    [InlineData("""{"filter_criteria":{"ended":{"type":"number","op":"gt","value":1}}}""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    public async Task A_list_that_is_not_asked_as_documented_is_refused(string body)
    {
        await using var server = await SimServer.StartAsync();

        using var refused = await server.SendAsync(HttpMethod.Post, "/retell/v3/list-calls", server.Retell, body);

        ((int)refused.StatusCode).ShouldBe(400);
    }

    [Theory]
    [InlineData("Messages.json?Page=1")]
    [InlineData("Messages.json?PageToken=PASMnone&Page=1")]
    [InlineData("Messages.json?DateSent=yesterday")]
    [InlineData("Messages.json?PageSize=x")]
    public async Task A_page_is_reached_by_its_token_alone(string list)
    {
        await using var server = await SimServer.StartAsync();

        using var refused = await server.SendAsync(HttpMethod.Get, $"/twilio/2010-04-01/Accounts/{server.Directory.TwilioAccounts[0].Sid}/{list}", server.Twilio(), null);

        ((int)refused.StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task Activity_is_of_thirty_days_that_are_over()
    {
        await using var server = await SimServer.StartAsync();

        using var today = await server.SendAsync(HttpMethod.Get, "/openrouter/api/v1/activity?date=2026-11-02", server.OpenRouter, null);
        using var longAgo = await server.SendAsync(HttpMethod.Get, "/openrouter/api/v1/activity?date=2026-10-01", server.OpenRouter, null);

        ((int)today.StatusCode).ShouldBe(400);
        ((int)longAgo.StatusCode).ShouldBe(400);
    }
}
