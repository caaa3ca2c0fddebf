using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;
using UsageLedger.IntegrationSpecs.Cycles;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Clients;

public sealed class RegistrationSpecs
{
    [Fact]
    public async Task Saying_the_same_again_has_the_same_answer_and_appends_nothing()
    {
        await using var books = await OpenAsync();
        var first = await books.RegisterAsync(zone: "Europe/Berlin", anchor: 15, grace: 3);
        await books.CloseAsync("2026-08-15");
        var head = await books.Log.HeadAsync();

        (await books.RegisterAsync(zone: "Europe/Berlin", anchor: 15, grace: 3)).ShouldBe(first);

        (await books.Log.HeadAsync()).ShouldBe(head);
        first.Position.ShouldBe(1);
        first.EffectiveFrom.ShouldBeNull();
    }

    [Fact]
    public async Task A_registration_after_usage_cuts_its_cycles_anew()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-09-30T22:30:00Z", 1m, 1m), Usage("2", "2026-09-30T21:30:00Z", 1m, 2m));
        Told(await books.CycleAsync("2026-09")).ShouldEndWith("total 3 USD");

        await books.RegisterAsync(zone: "Europe/Berlin");

        Told(await books.CycleAsync("2026-09")).ShouldEndWith("total 2 USD");
        var october = await books.CycleAsync("2026-10");
        Told(october).ShouldEndWith("total 1 USD");
        october.Cycle.Start.ShouldBe(At("2026-09-30T22:00:00Z"));
        october.Cycle.TimeZone.ShouldBe("Europe/Berlin");
    }

    [Fact]
    public async Task After_the_first_close_another_calendar_begins_when_the_open_cycle_ends()
    {
        await using var books = await OpenAsync();
        await books.RecordAsync(Usage("1", "2026-09-30T23:30:00Z", 1m, 1m), Usage("2", "2026-10-02T10:00:00Z", 1m, 2m));
        await books.CloseAsync("2026-09");
        var closed = await books.CycleAsync("2026-09");

        var changed = await books.RegisterAsync(zone: "Europe/Berlin", anchor: 15);

        changed.EffectiveFrom.ShouldBe(At("2026-11-01T00:00:00Z"));
        var kept = await books.CycleAsync("2026-09");
        (kept with { Position = closed.Position }).ShouldBeEquivalentTo(closed);
        Told(await books.CycleAsync("current")).ShouldEndWith("total 2 USD");

        books.Now = At("2026-11-20T12:00:00Z");
        await books.RecordAsync(Usage("3", "2026-11-14T22:59:59Z", 1m, 3m), Usage("4", "2026-11-14T23:00:00Z", 1m, 4m));
        var stub = await books.CycleAsync("2026-11-01");
        (stub.Cycle.Start, stub.Cycle.End).ShouldBe((At("2026-11-01T00:00:00Z"), At("2026-11-14T23:00:00Z")));
        Told(stub).ShouldEndWith("total 3 USD");
        Told(await books.CycleAsync("2026-11-15")).ShouldEndWith("total 4 USD");
        (await books.CyclesAsync())!.Cycles.Select(cycle => cycle.Id).ShouldBe(["2026-11-15", "2026-11-01", "2026-10-01", "2026-09-01"]);
    }

    [Fact]
    public async Task Another_name_after_a_close_leaves_the_calendar_as_it_is()
    {
        await using var books = await OpenAsync();
        await books.RegisterAsync(zone: "Europe/Berlin");
        await books.CloseAsync("2026-09");
        await books.RegisterAsync(zone: "America/New_York");

        var renamed = await books.RegisterAsync(zone: "America/New_York", name: "Contoso Ltd");

        renamed.EffectiveFrom.ShouldBe(At("2026-10-31T23:00:00Z"));
        (await books.CycleAsync("current")).Cycle.TimeZone.ShouldBe("Europe/Berlin");
        (await books.CycleAsync("2026-09")).Cycle.Status.ShouldBe(CycleStatus.Closed);
    }

    [Fact]
    public async Task A_change_taken_back_before_it_began_leaves_no_trace_in_the_calendar()
    {
        await using var books = await OpenAsync();
        await books.RegisterAsync();
        await books.CloseAsync("2026-09");
        await books.RegisterAsync(anchor: 15);
        await books.RegisterAsync();

        books.Now = At("2026-12-05T12:00:00Z");
        await books.RecordAsync(Usage("1", "2026-12-02T10:00:00Z"));

        (await books.CyclesAsync())!.Cycles.Select(cycle => cycle.Id).ShouldBe(["2026-12-01", "2026-11-01", "2026-10-01", "2026-09-01"]);
    }

    [Fact]
    public async Task Many_at_once_are_all_taken_one_after_another()
    {
        await using var books = await OpenAsync();

        var views = await Task.WhenAll(Enumerable.Range(1, 4).Select(day => books.RegisterAsync(anchor: day)));

        views.Select(view => view.Position).Order().ShouldBe([1, 2, 3, 4]);
        var last = views.MaxBy(view => view.Position)!;
        (await ReadClientHandler.Handle(new ReadClient(Tenant, "contoso"), books.Log.Database, default)).ShouldBe(last);
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("America/Sao_Paulo", "2018-11-04T02:59:59Z", "2018-11-04T03:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z")]
    public async Task On_days_when_clocks_change_every_instant_is_in_one_cycle(string zone, string first, string second, string start, string nextDay)
    {
        await using var books = await OpenAsync();
        var day = Books.At(nextDay).Plus(-NodaTime.Duration.FromHours(12)).InZone(NodaTime.DateTimeZoneProviders.Tzdb[zone]).Date;
        await books.RegisterAsync(zone: zone, period: "weekly", anchor: (int)day.DayOfWeek);
        await books.RecordAsync(Usage("1", first, 1m, 1m), Usage("2", second, 1m, 1m), Usage("3", nextDay, 1m, 1m));

        var week = await books.CycleAsync(NodaTime.Text.LocalDatePattern.Iso.Format(day));

        week.Cycle.Start.ShouldBe(At(start));
        week.Quality.Records.ShouldBe(At(first) < At(start) ? 2 : 3);
        var before = await books.CycleAsync(NodaTime.Text.LocalDatePattern.Iso.Format(day.PlusWeeks(-1)));
        (before.Quality.Records + week.Quality.Records).ShouldBe(3);
    }
}
