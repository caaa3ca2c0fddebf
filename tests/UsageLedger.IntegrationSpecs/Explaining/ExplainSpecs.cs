using System.Net;
using UsageLedger.Answering;
using UsageLedger.Explaining;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Replaying;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Explaining;

public sealed class ExplainSpecs
{
    [Fact]
    public async Task Each_usage_of_a_line_is_told_with_its_history_and_all_add_up_to_the_line()
    {
        await using var books = await Eventful.OpenAsync();

        var explanation = await books.ExplainAsync("2026-08", line: new LineFilter(Provider: "retell", OfNoAgent: true, Currency: "USD"));

        explanation.Lines!.Select(line => $"{line.Quantity} {line.Cost} {line.Records}").ShouldBe(["11 1.1 1"]);
        explanation.Rows.Select(row => $"{row.IdempotencyKey} {row.Quantity} {row.Cost} {row.Records}").ShouldBe(["first 11 1.1 1", "second 0 0 0"]);
        explanation.Rows[0].History.Select(told => $"{told.Type} {told.Quantity} {told.Cost} {told.Reason}").ShouldBe(
            ["usage_recorded 10 1 ", "usage_revised 11 1.1 ", "usage_voided 11 1.1 a mistake"]);
        explanation.Rows[0].ShouldSatisfyAllConditions(
            row => row.EventId.ShouldBe(Usage("first", "2026-08-02T10:00:00Z").Key(Tenant).Id),
            row => row.Position.ShouldBe(1),
            row => row.CorrelationId.ShouldBe("spec"),
            row => row.ProofUrl.ShouldBe("/v1/ledger/events/1/proof"),
            row => row.EventUrl.ShouldBe($"/v1/ledger/events/{row.EventId}"));
        explanation.NextCursor.ShouldBeNull();
    }

    [Fact]
    public async Task An_adjustment_is_explained_by_the_difference_that_each_usage_made()
    {
        await using var books = await Eventful.OpenAsync();

        var explanation = await books.ExplainAsync("current", line: new LineFilter(OriginCycle: "2026-08-01"));

        explanation.Lines!.ShouldHaveSingleItem().ShouldSatisfyAllConditions(line => line.Quantity.ShouldBe("-6"), line => line.Records.ShouldBe(2));
        explanation.Rows.Select(row => $"{row.OriginCycle} {row.IdempotencyKey} {row.Quantity} {row.Cost} {row.Records}").ShouldBe(
            ["2026-08-01 late 5 0.5 1", "2026-08-01 first -11 -1.1 1"]);
    }

    [Fact]
    public async Task The_mapping_that_made_usage_the_clients_is_named()
    {
        await using var books = await Eventful.OpenAsync();

        var moved = (await books.ExplainAsync("2026-08", "fabrikam")).Rows.ShouldHaveSingleItem();

        (moved.IdempotencyKey, moved.AgentId, moved.MappingId).ShouldBe(("mapped", "bob", "fabrikam-bob"));
        moved.History.Select(told => told.Stream).ShouldBe(["unattributed-api", "unattributed-api", "client-fabrikam"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_pending_cost_is_told_as_pending()
    {
        await using var books = await Eventful.OpenAsync();

        (await books.ExplainAsync("2026-08", line: new LineFilter(Currency: "EUR"))).Rows.ShouldHaveSingleItem().CostPending.ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Pages_stay_of_one_position_while_the_log_grows(int limit)
    {
        await using var books = await Eventful.OpenAsync();
        for (var step = 0; step < 5; step++)
            await books.RecordAsync(Usage($"more {step}", "2026-10-03T10:00:00Z", 2m, 0.2m), Usage($"still {step}", "2026-10-03T10:00:00Z", 3m, 0.3m) with { AgentId = "ada" });
        var shown = await books.CycleAsync("current");

        var (rows, after, position) = (new List<ExplainedRow>(), default(ExplainPlace), 0L);
        do
        {
            var page = await books.ExplainAsync("current", after: after, limit: limit);
            rows.AddRange(page.Rows);
            position = page.Position;
            after = page.NextCursor is { } cursor && Cursor.Read(cursor, 2) is [var at, var version] ? new ExplainPlace(long.Parse(at, null), long.Parse(version, null)) : null;
            await books.RecordAsync(Usage($"between {rows.Count}", "2026-10-03T10:00:00Z", 7m, 0.7m));
            await books.VoidAsync(Usage("more 0", "2026-10-03T10:00:00Z"));
        }
        while (after is not null && rows.Count < 100);

        position.ShouldBe(shown.Position);
        rows.Select(row => (row.EventId, row.AgentId, row.OriginCycle)).ShouldBeUnique();
        shown.Adjustments.ShouldNotBeEmpty();
        var lines = shown.Lines.Select(line => (Origin: (string?)null, line.AgentId, line.Quantity, line.Cost, line.Records))
            .Concat(shown.Adjustments.Select(line => (Origin: (string?)line.OriginCycle, line.AgentId, line.Quantity, line.Cost, line.Records)));
        foreach (var line in lines)
        {
            var mine = rows.Where(row => row.OriginCycle == line.Origin && row.AgentId == line.AgentId).ToList();
            mine.Aggregate(ExactTotal.Zero, (sum, row) => sum + Total(row.Cost)).ToString().ShouldBe(line.Cost);
            mine.Aggregate(ExactTotal.Zero, (sum, row) => sum + Total(row.Quantity)).ToString().ShouldBe(line.Quantity);
            mine.Sum(row => row.Records).ShouldBe(line.Records);
        }
    }

    [Fact]
    public async Task One_call_leads_from_a_line_to_its_events()
    {
        await using var server = await BooksServer.StartAsync();
        await Eventful.FillAsync(server.Books);
        await server.Books.ArriveAsync();

        var told = await server.GetAsync("/v1/clients/contoso/cycles/2026-08/explain?provider=retell&metric=call&agentId=ada&unit=minute&currency=USD");
        told.GetProperty("rows")[0].GetProperty("idempotencyKey").GetString().ShouldBe("steady");
        told.GetProperty("rows").GetArrayLength().ShouldBe(1);
        var first = await server.GetAsync("/v1/clients/contoso/cycles/2026-08/explain?limit=2");
        var second = await server.GetAsync($"/v1/clients/contoso/cycles/2026-08/explain?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");
        second.TryGetProperty("lines", out _).ShouldBeFalse();
        second.GetProperty("rows").GetArrayLength().ShouldBe(2);
        await server.GetAsync("/v1/clients/contoso/cycles/2026-08/explain?noAgent=perhaps", HttpStatusCode.BadRequest);
        await server.GetAsync("/v1/clients/contoso/cycles/2026-08/explain?cursor=nowhere", HttpStatusCode.BadRequest);
        await server.GetAsync("/v1/clients/contoso/cycles/2026-08-02/explain?cursor=nowhere", HttpStatusCode.NotFound);
        await server.GetAsync("/v1/clients/contoso/cycles/2026-08/explain", HttpStatusCode.NotFound, "other");
    }

    private static ExactTotal Total(string figure) => ExactTotal.Of(decimal.Parse(figure, System.Globalization.CultureInfo.InvariantCulture));
}
