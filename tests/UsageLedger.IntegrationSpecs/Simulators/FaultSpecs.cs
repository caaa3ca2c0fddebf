using System.Text.Json;
using UsageLedger.Simulators.Faults;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>Faults are as bad as asked, bounded, and the same for the same seed.</summary>
public sealed class FaultSpecs
{
    private const string List = "/retell/v3/list-calls";

    [Fact]
    public async Task A_request_fails_no_more_than_so_often_in_a_row()
    {
        await using var server = await SimServer.StartAsync(new SimFaults { ServerErrors = 1_000, InARowMax = 2 });

        var statuses = await StatusesAsync(server, 6);

        statuses.ShouldBe([500, 500, 200, 500, 500, 200]);
    }

    [Fact]
    public async Task Too_many_requests_say_when_to_come_again_or_do_not()
    {
        await using var server = await SimServer.StartAsync(new SimFaults { TooManyRequestsWithRetryAfter = 1_000 });

        using var limited = await server.SendAsync(HttpMethod.Post, List, server.Retell, "{}");
        limited.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        server.Simulation.Faults = new SimFaults { TooManyRequests = 1_000 };
        using var silent = await server.SendAsync(HttpMethod.Post, List, server.Retell, "{}");
        silent.Headers.RetryAfter.ShouldBeNull();
        JsonDocument.Parse(await silent.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString().ShouldBe("error");
    }

    [Fact]
    public async Task Truncated_answers_are_no_JSON()
    {
        await using var server = await SimServer.StartAsync(new SimFaults { TruncatedJson = 1_000 });

        using var half = await server.SendAsync(HttpMethod.Post, List, server.Retell, "{}");

        ((int)half.StatusCode).ShouldBe(200);
        var text = await half.Content.ReadAsStringAsync();
        Should.Throw<JsonException>(() => JsonDocument.Parse(text));
    }

    [Theory]
    [InlineData(0, 1_000)]
    [InlineData(1_000, 0)]
    public async Task Cut_and_hanging_connections_end_without_an_answer(int cut, int timeOut)
    {
        await using var server = await SimServer.StartAsync(new SimFaults { CutConnections = cut, TimeOuts = timeOut, HangMs = 20 });

        await Should.ThrowAsync<HttpRequestException>(() => server.SendAsync(HttpMethod.Post, List, server.Retell, "{}"));
    }

    [Fact]
    public async Task The_same_seed_fails_in_the_same_places()
    {
        var faults = new SimFaults { ServerErrors = 300, TooManyRequests = 300 };
        await using var one = await SimServer.StartAsync(faults);
        await using var same = await SimServer.StartAsync(faults);
        await using var other = await SimServer.StartAsync(faults, seed: 8);

        var statuses = await StatusesAsync(one, 30);

        (await StatusesAsync(same, 30)).ShouldBe(statuses);
        (await StatusesAsync(other, 30)).ShouldNotBe(statuses);
    }

    [Fact]
    public async Task Shifting_pages_repeat_and_leave_nothing_out()
    {
        await using var server = await SimServer.StartAsync(new SimFaults { ShiftingPages = 1_000 });

        var told = await server.RetellCallsAsync("descending", 10);

        told.Count.ShouldBeGreaterThan(120);
        told.Once("call_id").Count.ShouldBe(120);
    }

    [Fact]
    public async Task Faults_are_switched_over_HTTP_and_nonsense_is_refused()
    {
        await using var server = await SimServer.StartAsync();

        using var switched = await server.SendAsync(HttpMethod.Post, "/sim/faults", null, """{"serverErrors":1000}""");
        switched.IsSuccessStatusCode.ShouldBeTrue();
        server.Simulation.Faults.ServerErrors.ShouldBe(1_000);
        using var refused = await server.SendAsync(HttpMethod.Post, "/sim/faults", null, """{"serverErrors":1001}""");
        ((int)refused.StatusCode).ShouldBe(400);
    }

    private static async Task<List<int>> StatusesAsync(SimServer server, int times)
    {
        var statuses = new List<int>();
        for (var time = 0; time < times; time++)
        {
            using var answer = await server.SendAsync(HttpMethod.Post, List, server.Retell, "{}");
            statuses.Add((int)answer.StatusCode);
        }

        return statuses;
    }
}
