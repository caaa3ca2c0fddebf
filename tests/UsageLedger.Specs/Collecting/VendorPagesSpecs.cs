using UsageLedger.Collecting;

namespace UsageLedger.Specs.Collecting;

/// <summary>Single records that are asked for by name.</summary>
public sealed class VendorPagesSpecs
{
    private static readonly CollectedPage Page = new([], [], null, 1);

    [Fact]
    public async Task One_that_cannot_be_had_stops_none_of_the_others_and_is_told_at_the_end()
    {
        var (asked, failure) = await AskAsync(["unknown", "good", "refused", "unreadable", "good"]);

        asked.ShouldBe(["unknown", "good", "refused", "unreadable", "good"]);
        failure.ShouldNotBeNull().Message.ShouldBe(
            "2 of 5 records that were asked for cannot be had: The vendor refuses the request (HTTP 400). "
            + "The vendor does not know, or not yet, 1 of 5 records that were asked for.");
    }

    [Fact]
    public async Task All_that_can_be_had_is_no_failure() => (await AskAsync(["good", "good"])).Failure.ShouldBeNull();

    [Theory]
    [InlineData("limited", 1)]
    [InlineData("credentials", 1)]
    [InlineData("refused", 5)]
    public async Task A_vendor_that_fails_as_a_whole_is_left_alone(string kind, int expected)
    {
        var (asked, failure) = await AskAsync([.. Enumerable.Repeat(kind, 20)]);

        asked.Count.ShouldBe(expected);
        failure.ShouldNotBeNull();
    }

    private static async Task<(List<string> Asked, VendorException? Failure)> AskAsync(string[] ids)
    {
        var asked = new List<string>();
        try
        {
            (await VendorPages.EachAsync(ids, Read, CancellationToken.None).CountAsync()).ShouldBe(ids.Count(id => id == "good"));
            return (asked, null);
        }
        catch (VendorException failure)
        {
            return (asked, failure);
        }

        Task<CollectedPage?> Read(string id)
        {
            asked.Add(id);
            return Task.FromResult(id switch
            {
                "good" => Page,
                "unknown" => null,
                "unreadable" => throw new VendorException(VendorException.Unreadable, "The vendor's answer is not JSON.") { MayPass = true },
                "limited" => throw new VendorException(VendorException.Limited, "The vendor asks for fewer requests (HTTP 429)."),
                "credentials" => throw new VendorException(VendorException.Refused, "The vendor refuses the credentials (HTTP 401)."),
                _ => throw new VendorException(VendorException.Failed, "The vendor refuses the request (HTTP 400)."),
            });
        }
    }
}
