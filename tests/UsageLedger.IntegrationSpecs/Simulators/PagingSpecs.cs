namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>Lists are whole, whatever the page and however it is reached.</summary>
public sealed class PagingSpecs
{
    [Theory]
    [InlineData("ascending", 1)]
    [InlineData("ascending", 50)]
    [InlineData("descending", 13)]
    [InlineData("descending", 1_000)]
    public async Task Retells_pages_hold_every_call_once_in_order(string order, int limit)
    {
        await using var server = await SimServer.StartAsync();

        var told = (await server.RetellCallsAsync(order, limit)).Select(call => call.GetProperty("call_id").GetString());

        var all = server.World.RetellCalls.Select(call => call.CallId);
        told.ShouldBe(order == "ascending" ? all : all.Reverse());
    }

    [Fact]
    public async Task Retell_skips_and_counts_as_asked()
    {
        await using var server = await SimServer.StartAsync();

        var page = await server.PostAsync("/retell/v3/list-calls", server.Retell, new { skip = 118, limit = 50, include_total = true });

        page.GetProperty("items").GetArrayLength().ShouldBe(2);
        page.GetProperty("total").GetInt32().ShouldBe(120);
        page.GetProperty("has_more").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/twilio")]
    public async Task Twilios_next_page_is_found_below_the_host_and_below_the_prefix(string prefix)
    {
        await using var server = await SimServer.StartAsync();
        var own = server.Directory.TwilioAccounts[0].Sid;

        var told = (await server.TwilioAsync("Messages.json?PageSize=4", "messages", 0, prefix)).Select(message => message.GetProperty("sid").GetString());

        told.ShouldBe(server.World.Messages.Where(message => message.Account.Sid == own).Select(message => message.Sid).Reverse());
    }

    [Fact]
    public async Task Twilios_dates_are_days_of_UTC()
    {
        await using var server = await SimServer.StartAsync();
        var messages = server.World.Messages.Where(message => message.Account == server.Directory.TwilioAccounts[0]).ToList();
        var day = messages[messages.Count / 2].SentAt.InUtc().Date;

        (await CountAsync($"DateSent={day:uuuu-MM-dd}")).ShouldBe(messages.Count(message => message.SentAt.InUtc().Date == day));
        (await CountAsync($"DateSent%3E={day:uuuu-MM-dd}")).ShouldBe(messages.Count(message => message.SentAt.InUtc().Date >= day));
        (await CountAsync($"DateSent%3C={day:uuuu-MM-dd}")).ShouldBe(messages.Count(message => message.SentAt.InUtc().Date <= day));

        async Task<int> CountAsync(string filter) => (await server.TwilioAsync($"Messages.json?PageSize=50&{filter}", "messages")).Count;
    }

    [Fact]
    public async Task Retell_filters_by_end_status_agent_and_metadata()
    {
        await using var server = await SimServer.StartAsync();
        var (low, high) = (SimServer.From.ToUnixTimeMilliseconds(), (SimServer.From + NodaTime.Duration.FromDays(9)).ToUnixTimeMilliseconds());
        var agent = server.Directory.Agents[0];
        var expected = server.World.RetellCalls.Where(call =>
            call.EndedAt.ToUnixTimeMilliseconds() <= high && call.Agent == agent && call.Status == "ended" && call.NamesClient).Select(call => call.CallId);

        var page = await server.PostAsync("/retell/v3/list-calls", server.Retell, new
        {
            sort_order = "ascending",
            limit = 1_000,
            filter_criteria = new
            {
                end_timestamp = new { type = "range", op = "bt", value = new[] { low, high } },
                call_status = new { type = "enum", op = "in", value = new[] { "ended" } },
                agent = new[] { new { agent_id = agent.RetellAgentId } },
                metadata = new[] { new { key = "client_id", type = "string", op = "eq", value = agent.ClientId } },
            },
        });

        page.GetProperty("items").EnumerateArray().Select(call => call.GetProperty("call_id").GetString()).ShouldBe(expected);
    }
}
