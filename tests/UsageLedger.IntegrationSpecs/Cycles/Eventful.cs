using UsageLedger.Attributing;
using UsageLedger.Recording;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Cycles;

/// <summary>Books in which everything has happened to usage that can: two cycles, a close between, revisions, voids, a mapping, two currencies, a pending cost.</summary>
internal static class Eventful
{
    public static async Task<Books> OpenAsync()
    {
        var books = await Books.OpenAsync("2026-10-05T12:00:00Z");
        await FillAsync(books);
        return books;
    }

    public static async Task FillAsync(Books books)
    {
        var (first, second) = (Usage("first", "2026-08-02T10:00:00Z", 10m, 1m), Usage("second", "2026-08-03T10:00:00Z", 20m, 2m));
        await books.RecordAsync(first, second, Usage("steady", "2026-08-04T10:00:00Z", 7m, 0.7m) with { AgentId = "ada" });
        await books.RecordAsync(Usage("euro", "2026-08-31T23:59:59.999999Z", 3m) with { Currency = "EUR" }, Keyed("mapped", "2026-08-05T10:00:00Z", "bob", 4m, 0.4m));
        await books.ReviseAsync(first with { Quantity = 11m, Cost = 1.1m });
        await books.VoidAsync(second);
        await books.MapAsync("bob", "fabrikam", agentId: "bob");
        await books.CloseAsync("2026-08");
        await books.RecordAsync(Usage("late", "2026-08-05T10:00:00Z", 5m, 0.5m), Usage("now", "2026-10-02T10:00:00Z", 1m, 0.1m) with { AgentId = "ada" });
        await books.VoidAsync(first);
    }

    /// <summary>Usage that names whose it is by a key only.</summary>
    public static UsageRecord Keyed(string key, string occurredAt, string agent, decimal quantity = 1m, decimal? cost = null) =>
        Usage(key, occurredAt, quantity, cost, client: null) with { Attributes = [new NamedText(MappingKeys.Agent, agent)] };
}
