using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using NodaTime;
using UsageLedger.Answering;

namespace UsageLedger.Specs.Web;

public sealed class QueryFieldsSpecs
{
    [Fact]
    public void Parameters_are_read_by_name_and_rule()
    {
        var query = Query("?from=2026-10-01T02:00:00%2B02:00&to=2026-10-01T02:00:00+02:00&window=day&groupBy=provider,metric&groupBy=agentId&limit=5&empty=");

        query.Instant("from").ShouldBe(Instant.FromUtc(2026, 10, 1, 0, 0));
        query.Instant("to").ShouldBe(Instant.FromUtc(2026, 10, 1, 0, 0), "a plus sign that nobody escaped");
        query.OneOf("window", "hour", "day", "month").ShouldBe("day");
        query.Texts("groupBy", 4).ShouldBe(["provider", "metric", "agentId"]);
        query.Limit().ShouldBe(5);
        query.Text("empty").ShouldBeNull();
        query.Cursor(1).ShouldBeNull();
        query.Problem().ShouldBeNull();
    }

    [Theory]
    [InlineData("?from=2026-10-01")]
    [InlineData("?from=2026-10-01T00:00:00")]
    [InlineData("?window=week")]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?limit=many")]
    [InlineData("?limit=1&limit=2")]
    [InlineData("?cursor=AAAA")]
    public void A_parameter_that_breaks_a_rule_is_a_bad_request_that_names_it(string text)
    {
        var query = Query(text);

        query.Instant("from");
        query.OneOf("window", "hour", "day", "month");
        query.Limit();
        query.Cursor(1);

        var problem = query.Problem()!;
        problem.Status.ShouldBe(400);
        problem.Errors!.Single().At.ShouldBe(text[..text.IndexOf('=')]);
    }

    private static QueryFields Query(string text) => new(new QueryCollection(QueryHelpers.ParseQuery(text)));
}
