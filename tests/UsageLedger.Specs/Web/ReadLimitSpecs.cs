using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Access;
using UsageLedger.Answering;

namespace UsageLedger.Specs.Web;

public sealed class ReadLimitSpecs
{
    private const int AtOnceMax = 40;
    private const int WaitingMax = 400;
    private const int OfOneTenantMax = 30;
    private const int OfOneTenantWaitingMax = 300;

    [Fact]
    public async Task Reads_beyond_the_bound_wait_and_beyond_that_are_refused_while_commands_pass()
    {
        var held = new TaskCompletionSource();
        var running = 0;
        using var limit = Limit(held, () => Interlocked.Increment(ref running));
        var reads = Enumerable.Range(0, AtOnceMax + WaitingMax).Select(i => limit.InvokeAsync(Request("GET", $"tenant-{i % 100}"))).ToList();

        running.ShouldBe(AtOnceMax);
        var refused = Request("GET", "another");
        await limit.InvokeAsync(refused);
        refused.Response.StatusCode.ShouldBe(503);
        refused.Response.Headers.RetryAfter.ToString().ShouldBe("1");
        await limit.InvokeAsync(Request("POST", "another"));

        held.SetResult();
        await Task.WhenAll(reads);
        running.ShouldBe(AtOnceMax + WaitingMax + 1);
    }

    [Fact]
    public async Task One_tenant_never_has_all_turns_and_another_still_reads()
    {
        var held = new TaskCompletionSource();
        var running = 0;
        using var limit = Limit(held, () => Interlocked.Increment(ref running));
        var reads = Enumerable.Range(0, OfOneTenantMax + OfOneTenantWaitingMax).Select(_ => limit.InvokeAsync(Request("GET", "acme"))).ToList();
        running.ShouldBe(OfOneTenantMax);
        var refused = Request("GET", "acme");
        await limit.InvokeAsync(refused);
        refused.Response.StatusCode.ShouldBe(503);

        var others = Enumerable.Range(0, AtOnceMax - OfOneTenantMax).Select(_ => limit.InvokeAsync(Request("GET", "globex"))).ToList();

        running.ShouldBe(AtOnceMax);
        held.SetResult();
        await Task.WhenAll(reads.Concat(others));
    }

    [Fact]
    public async Task What_needs_no_key_takes_no_turn_of_a_caller()
    {
        var held = new TaskCompletionSource();
        var running = 0;
        using var limit = Limit(held, () => Interlocked.Increment(ref running));
        var reads = Enumerable.Range(0, 2 * AtOnceMax).Select(i => limit.InvokeAsync(Request("GET", i % 2 == 0 ? "acme" : "globex"))).ToList();
        running.ShouldBe(AtOnceMax);

        var alive = limit.InvokeAsync(Request("GET", null));

        running.ShouldBe(AtOnceMax + 1);
        held.SetResult();
        await Task.WhenAll(reads.Append(alive));
    }

    private static ReadLimit Limit(TaskCompletionSource held, Action entered) => new(context =>
    {
        entered();
        return context.Request.Method == "GET" ? held.Task : Task.CompletedTask;
    });

    private static DefaultHttpContext Request(string method, string? tenant)
    {
        var context = new DefaultHttpContext
        {
            Request = { Method = method },
            RequestServices = new ServiceCollection().AddLogging().AddOptions().BuildServiceProvider(),
        };
        if (tenant is not null)
        {
            new ApiCaller(tenant, Guid.Empty, default).AttachTo(context);
        }

        return context;
    }
}
