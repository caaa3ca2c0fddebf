using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using UsageLedger.Answering;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Reporting;
using UsageLedger.Specs.Cycles;

namespace UsageLedger.Specs.Reporting;

public sealed class UsageQuerySpecs
{
    private const string October = "from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z";

    [Fact]
    public void From_and_to_are_enough()
    {
        var (query, problem) = Read(October);

        problem.ShouldBeNull();
        query.ShouldBe(new ReadUsage(
            "acme", null, World.At("2026-10-01T00:00:00Z"), World.At("2026-11-01T00:00:00Z"), null,
            new UsageGroups(false, false, false, false), new UsageFilter(null, null, null), null, 10_000));
    }

    [Theory]
    [InlineData("2026-10-01T00:00:00Z", "2026-10-01T00:07:00Z", "?to")]
    [InlineData("2026-10-01T00:07:00Z", "2026-10-01T00:15:00Z", "?from")]
    [InlineData("2026-10-01T00:07:00Z", "2026-10-01T00:08:00Z", "?from ?to")]
    public void What_cuts_a_quarter_hour_is_named(string from, string to, string pointers)
    {
        var problem = UsageEndpoints.ProblemOf(UsageRefusal.PartsTakeTooLong, Read($"from={from}&to={to}").Query!);

        string.Join(' ', problem.Errors!.Select(error => error.At)).ShouldBe(pointers);
        problem.RetryAfterSeconds.ShouldNotBeNull();
    }

    [Fact]
    public void Everything_else_is_read_by_name()
    {
        var query = Read(October + "&clientId=contoso&window=month&timeZone=Asia/Tokyo&groupBy=agentId,metric&provider=p&metric=m&agentId=a&limit=7").Query!;

        query.ClientId.ShouldBe("contoso");
        (query.Windows!.Size, query.Windows.Zone.Id).ShouldBe((WindowSize.Month, "Asia/Tokyo"));
        query.Groups.ShouldBe(new UsageGroups(Provider: false, Metric: true, AgentId: true, ResourceId: false));
        query.Filter.ShouldBe(new UsageFilter("p", "m", "a"));
        query.Limit.ShouldBe(7);
    }

    [Fact]
    public void A_cursor_leads_back_to_its_place()
    {
        var place = new UsagePlace(World.At("2026-10-24T22:00:00Z"), "retell", "call", "", new string('r', 255), "minute", "USD");

        Read($"{October}&cursor={UsageQueryReader.CursorOf(place)}").Query!.After.ShouldBe(place);
    }

    [Fact]
    public void A_cursor_holds_the_longest_names_of_any_script()
    {
        var name = new string('通', 255);
        var place = new UsagePlace(World.At("2026-10-24T22:00:00Z"), name, name, name, name, name, "USD");

        Read($"{October}&cursor={UsageQueryReader.CursorOf(place)}").Query!.After.ShouldBe(place);
    }

    [Theory]
    [InlineData("", "?from ?to")]
    [InlineData("from=2026-10-01T00:00:00Z", "?to")]
    [InlineData("from=2026-10-01&to=2026-11-01T00:00:00", "?from ?to")]
    [InlineData("from=2026-10-01T00:00:00Z&to=2026-10-01T00:00:00Z", "?from")]
    [InlineData(October + "&window=week", "?window")]
    [InlineData(October + "&groupBy=provider,client", "?groupBy")]
    [InlineData(October + "&timeZone=Berlin", "?timeZone")]
    [InlineData(October + "&limit=10001", "?limit")]
    [InlineData(October + "&cursor=x", "?cursor")]
    public void What_breaks_a_rule_is_400_and_named(string text, string pointers)
    {
        var problem = Read(text).Problem!;

        problem.Status.ShouldBe(400);
        string.Join(' ', problem.Errors!.Select(error => error.At)).ShouldBe(pointers);
    }

    private static (ReadUsage? Query, Problem? Problem) Read(string text)
    {
        var fields = new QueryFields(new QueryCollection(QueryHelpers.ParseQuery(text)));
        var query = UsageQueryReader.Read(fields, "acme");
        return (query, fields.Problem());
    }
}
