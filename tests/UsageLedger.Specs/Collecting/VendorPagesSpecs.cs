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

    [Theory]
    [InlineData(null, "a b a", "- a b")]
    [InlineData(null, "a a", "- a")]
    [InlineData("a", "b a", "a b")]
    [InlineData("a", "b c b", "a b c")]
    public async Task A_list_that_leads_in_a_circle_is_left_before_its_first_page_comes_again(string? from, string leads, string expected)
    {
        var asked = new List<string>();

        var failure = await Should.ThrowAsync<VendorException>(ListAsync(from, [.. leads.Split(' ')], asked));

        (failure.Code, string.Join(' ', asked)).ShouldBe(("vendor_unreadable", expected));
    }

    [Fact]
    public async Task A_list_that_is_begun_anew_may_come_by_the_place_that_was_not_known()
    {
        var asked = new List<string>();

        var pages = await ListAsync("gone", [null, "a", "gone", "end"], asked);

        pages.Select(page => page.Anew).ShouldBe([true, false, false]);
        asked.ShouldBe(["gone", "-", "a", "gone"]);
    }

    /// <param name="leads">Where each page leads that is asked for; null: the vendor does not know what it was asked for.</param>
    private static async Task<List<CollectedPage>> ListAsync(string? from, List<string?> leads, List<string> asked)
    {
        return await VendorPages.ReadAsync(from, 100, Read, CancellationToken.None).ToListAsync();

        Task<CollectedPage?> Read(string? cursor)
        {
            asked.Add(cursor ?? "-");
            return Task.FromResult(leads[asked.Count - 1] is { } next ? Page with { Cursor = next == "end" ? null : next } : null);
        }
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
