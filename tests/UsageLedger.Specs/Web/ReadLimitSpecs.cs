using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Answering;

namespace UsageLedger.Specs.Web;

public sealed class ReadLimitSpecs
{
    private const int AtOnceMax = 40;
    private const int WaitingMax = 400;

    [Fact]
    public async Task Reads_beyond_the_bound_wait_and_beyond_that_are_refused_while_commands_pass()
    {
        var held = new TaskCompletionSource();
        var running = 0;
        using var limit = new ReadLimit(context =>
        {
            Interlocked.Increment(ref running);
            return context.Request.Method == "GET" ? held.Task : Task.CompletedTask;
        });
        var reads = Enumerable.Range(0, AtOnceMax + WaitingMax).Select(_ => limit.InvokeAsync(Request("GET"))).ToList();

        running.ShouldBe(AtOnceMax);
        var refused = Request("GET");
        await limit.InvokeAsync(refused);
        refused.Response.StatusCode.ShouldBe(503);
        refused.Response.Headers.RetryAfter.ToString().ShouldBe("1");
        await limit.InvokeAsync(Request("POST"));

        held.SetResult();
        await Task.WhenAll(reads);
        running.ShouldBe(AtOnceMax + WaitingMax + 1);
    }

    private static DefaultHttpContext Request(string method) => new()
    {
        Request = { Method = method },
        RequestServices = new ServiceCollection().AddLogging().AddOptions().BuildServiceProvider(),
    };
}
