using System.Diagnostics;
using UsageLedger.Collecting;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>However a vendor misbehaves, asking it is bounded, and ends with an answer or with the reason why there is none.</summary>
public sealed class VendorHttpSpecs
{
    [Theory]
    [InlineData("/limited-silently", 3)]
    [InlineData("/failing", 3)]
    [InlineData("/cut", 2)]
    [InlineData("/slow", 2)]
    [InlineData("/good", 1)]
    public async Task What_passes_is_tried_again(string path, int times)
    {
        await using var vendor = await VendorServer.StartAsync();
        (await vendor.AskAsync(path)).IsGood.ShouldBeTrue();
        vendor.Asked.ShouldBe(times);
    }

    [Fact]
    public async Task A_vendor_that_says_when_to_come_again_is_left_alone_until_then()
    {
        await using var vendor = await VendorServer.StartAsync();
        var elapsed = Stopwatch.StartNew();
        (await vendor.AskAsync("/limited")).IsGood.ShouldBeTrue();
        elapsed.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(990);
    }

    [Theory]
    [InlineData("/limited-long", "vendor_limited", 1)]
    [InlineData("/failed", "vendor_failed", 5)]
    [InlineData("/redirect", "vendor_failed", 1)]
    [InlineData("/large", "vendor_unreadable", 1)]
    [InlineData("/bomb", "vendor_unreadable", 1)]
    [InlineData("/refused", "vendor_refused", 1)]
    public async Task What_does_not_pass_ends_with_its_reason(string path, string code, int times)
    {
        await using var vendor = await VendorServer.StartAsync();
        (await Should.ThrowAsync<VendorException>(() => vendor.AskAsync(path))).Code.ShouldBe(code);
        vendor.Asked.ShouldBe(times);
    }

    [Fact]
    public async Task A_request_that_the_vendor_does_not_know_is_for_the_caller_to_judge()
    {
        await using var vendor = await VendorServer.StartAsync();
        (await vendor.AskAsync("/unknown")).IsNotFound.ShouldBeTrue();
    }

    [Fact]
    public async Task An_answer_that_was_cut_is_asked_for_again()
    {
        await using var vendor = await VendorServer.StartAsync();
        var read = await vendor.Http.ReadAsync(
            () => new HttpRequestMessage(HttpMethod.Get, new Uri(vendor.Url, "/truncated")),
            answer =>
            {
                using var document = VendorJson.Parse(answer.Body);
                return document.RootElement.GetRawText();
            },
            CancellationToken.None);
        (read, vendor.Asked).ShouldBe(("{}", 2));
    }

    [Fact]
    public async Task A_vendor_that_keeps_failing_is_left_alone()
    {
        await using var vendor = await VendorServer.StartAsync();
        for (var run = 0; run < 6; run++)
        {
            await Should.ThrowAsync<VendorException>(() => vendor.AskAsync("/failed"));
        }

        var before = vendor.Asked;
        (await Should.ThrowAsync<VendorException>(() => vendor.AskAsync("/good"))).Message.ShouldContain("left alone");
        (before, vendor.Asked).ShouldBe((20, 20));
    }

    [Fact]
    public async Task A_vendor_that_takes_no_connection_is_unreachable_asked_again_and_then_left_alone()
    {
        using var vendor = await SilentVendor.StartAsync();

        var failure = await Should.ThrowAsync<VendorException>(vendor.AskAsync);
        (failure.Code, failure.Message, vendor.Tries).ShouldBe(("vendor_unreachable", "The vendor did not take the connection within 0.05 s.", 5));
        for (var run = 0; run < 4; run++)
        {
            await Should.ThrowAsync<VendorException>(vendor.AskAsync);
        }

        (await Should.ThrowAsync<VendorException>(vendor.AskAsync)).Message.ShouldContain("left alone");
        vendor.Tries.ShouldBe(20);
    }

    [Fact]
    public async Task Who_stops_asking_while_the_connection_is_being_made_is_told_that_it_stopped()
    {
        using var vendor = await SilentVendor.StartAsync();
        using var stopped = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));

        await Should.ThrowAsync<OperationCanceledException>(() => vendor.AskAsync(stopped.Token));
    }

    [Fact]
    public async Task An_address_of_this_servers_own_network_is_not_connected_to()
    {
        await using var vendor = await VendorServer.StartAsync(allowLoopback: false);
        (await Should.ThrowAsync<VendorException>(() => vendor.AskAsync("/good"))).Message.ShouldContain("own network");
        vendor.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task A_link_to_another_host_is_not_followed()
    {
        await using var vendor = await VendorServer.StartAsync();
        var failure = await Should.ThrowAsync<VendorException>(
            () => vendor.Http.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, "http://elsewhere.example/"), CancellationToken.None));
        (failure.Code, vendor.Asked).ShouldBe(("vendor_unreadable", 0));
    }
}
