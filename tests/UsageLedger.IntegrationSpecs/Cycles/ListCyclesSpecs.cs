using NodaTime;
using UsageLedger.Cycles;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Cycles;

public sealed class ListCyclesSpecs
{
    [Fact]
    public async Task Cycles_are_listed_newest_first_from_the_current_one_to_that_of_the_first_usage()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-07-31T10:00:00Z"));
        await books.CloseAsync("2026-08");

        var page = await books.CyclesAsync();

        Told(page).ShouldBe("2026-10-01 Open, 2026-09-01 Closing, 2026-08-01 Closed, 2026-07-01 Closing");
        page!.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2025-10-31T10:00:00Z"));

        var ids = new List<string>();
        Instant? before = null;
        do
        {
            var page = await books.CyclesAsync(before: before, limit: 5);
            ids.AddRange(page!.Cycles.Select(cycle => cycle.Id));
            before = page.Next;
        }
        while (before is not null && ids.Count < 50);

        ids.Count.ShouldBe(13);
        ids.ShouldBe(ids.Distinct().OrderDescending());
    }

    [Fact]
    public async Task Without_usage_there_is_the_current_cycle_and_usage_to_come_adds_none()
    {
        await using var books = await OpenAsync("2026-10-31T23:00:00Z");
        await books.RegisterAsync();
        Told(await books.CyclesAsync()).ShouldBe("2026-10-01 Open");

        await books.RecordAsync(Usage("1", "2026-11-01T10:00:00Z"));

        Told(await books.CyclesAsync()).ShouldBe("2026-10-01 Open");
    }

    [Fact]
    public async Task A_closed_cycle_that_only_late_usage_names_is_listed()
    {
        await using var books = await OpenAsync();
        await books.RegisterAsync();
        await books.CloseAsync("2026-07");
        await books.RecordAsync(Usage("1", "2026-07-31T10:00:00Z"));

        Told(await books.CyclesAsync()).ShouldEndWith("2026-07-01 Closed");
    }

    private static string Told(CyclePage? page) => string.Join(", ", page.ShouldNotBeNull().Cycles.Select(cycle => $"{cycle.Id} {cycle.Status}"));
}
