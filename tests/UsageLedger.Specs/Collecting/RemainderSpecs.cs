using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.OpenRouter;

namespace UsageLedger.Specs.Collecting;

/// <summary>What is missing of a vendor's totals is booked once, and given back when it is told after all.</summary>
public sealed class RemainderSpecs
{
    private static readonly ActivityKey Alpha = new("aaaa", "alpha");
    private static readonly ActivityKey Beta = new("bbbb", "beta");
    private static readonly HashSet<string> Listed = ["alpha", "beta"];

    [Fact]
    public void What_is_lost_late_or_repeated_is_in_the_end_as_if_all_had_been_told()
    {
        Prop.ForAll(Told.Days.ToArbitrary(), generations =>
        {
            var ledger = new RemainderLedger(generations);
            for (var step = 0; step < Told.Steps; step++)
            {
                ledger.Broadcast(step);
                ledger.Poll(costsMayCome: true);
                ledger.ShouldHoldTheQuantities();
                ledger.ShouldHoldNoMoreThanTheCosts();
                ledger.TellCosts(step);
                ledger.ShouldHoldNoMoreThanTheCosts();
            }

            ledger.Poll(costsMayCome: false);
            ledger.ShouldHoldTheQuantities();
            ledger.ShouldHoldTheCosts();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void However_keys_and_models_are_named_nothing_is_taken_twice()
    {
        var names = Gen.Elements("alpha", "beta", "renamed", null);
        var models = Gen.Elements("m1", "m2", "m1-2026", null);
        var drawn =
            from generations in Told.Days
            from key in Gen.ArrayOf(names, generations.Length)
            from model in Gen.ArrayOf(models, generations.Length)
            select generations.Select((one, at) => (Made: one, Key: key[at] is "renamed" or null ? key[at] : one.Key.Name, Model: model[at])).ToList();
        Prop.ForAll(drawn.ToArbitrary(), told =>
        {
            var captured = told.Where(one => !one.Made.IsLost).Select(one => new DayCaptured(one.Key, one.Model, one.Made.Figures, false)).ToList();

            var left = Remainders.Of(Told.Totals(told.Select(one => one.Made)), captured, Listed, false);

            DayFigures.Sum(left.Select(remainder => remainder.Figures)).ShouldBe(DayFigures.Sum(told.Where(one => one.Made.IsLost).Select(one => one.Made.Figures)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_told_is_taken_off_nearest_first_each_off_each()
    {
        var names = Gen.Elements("alpha", "beta", "renamed", null);
        var figures =
            from parts in Gen.ArrayOf(Gen.Choose(-2, 6), 6)
            select new DayFigures(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
        var drawn =
            from totals in Gen.ListOf(from key in Gen.Elements(Alpha, Beta, new ActivityKey("", null)) from model in Gen.Elements("m1", "m2") from of in figures select new KeyDayTotal(key, model, of))
            from captured in Gen.ListOf(
                from key in names from model in Gen.Elements("m1", "m2", null) from of in figures from pending in Gen.Elements(true, false) select new DayCaptured(key, model, of, pending))
            select (Totals: totals.ToList(), Captured: captured.ToList());
        Prop.ForAll(drawn.ToArbitrary(), day =>
            Remainders.Of(day.Totals, day.Captured, Listed, true).ShouldBe(EachOffEach(day.Totals, day.Captured))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Many_keys_and_models_are_judged_without_holding_each_against_each()
    {
        var totals = Enumerable.Range(0, 50_000).Select(at => new KeyDayTotal(new ActivityKey($"h{at % 1000}", $"k{at % 1000}"), $"m{at}", Figures(2))).ToList();
        var captured = Enumerable.Range(0, 50_000).Select(at => new DayCaptured($"gone{at}", $"other{at}", Figures(1), true)).ToList();

        var left = await Task.Run(() => Remainders.Of(totals, captured, Listed, true)).WaitAsync(TimeSpan.FromSeconds(20));

        DayFigures.Sum(left.Select(remainder => remainder.Figures)).ShouldBe(DayFigures.Sum(totals.Take(25_000).Select(total => total.Figures)));
        left.ShouldAllBe(remainder => remainder.IsCostOpen);
    }

    [Fact]
    public void A_broadcast_that_is_newer_than_the_total_takes_nothing_from_other_keys()
    {
        var totals = new[] { new KeyDayTotal(Alpha, "m1", Figures(3)), new KeyDayTotal(Beta, "m1", Figures(5)) };

        var left = Remainders.Of(totals, [new DayCaptured("alpha", "m1", Figures(4), false)], Listed, false);

        left.Select(remainder => remainder.Figures).ShouldBe([default, Figures(5)]);
    }

    [Fact]
    public void Usage_of_a_key_that_is_listed_no_more_is_taken_off_what_no_listed_key_used()
    {
        var totals = new[] { new KeyDayTotal(Alpha, "m1", Figures(3)), new KeyDayTotal(new ActivityKey("", null), "m1", Figures(5)) };

        var left = Remainders.Of(totals, [new DayCaptured("deleted", "m1", Figures(4), false)], Listed, false);

        left.Select(remainder => remainder.Figures).ShouldBe([Figures(3), Figures(1)]);
    }

    [Fact]
    public void A_remainder_says_what_it_is_and_whose_and_lies_at_noon()
    {
        var left = new Remainder(new KeyDayTotal(Alpha, "vendor/model:free", default), Figures(2) with { ByokCost = 0.25m }, false);

        var made = RemainderRecords.Of(Vendors.Source("openrouter"), new LocalDate(2026, 10, 3), left, new Dictionary<string, CapturedSum>()).ToList();

        made.Select(record => (record.IdempotencyKey, record.Metric, record.Quantity, record.Cost)).ShouldBe(
        [
            ("activity:2026-10-03:aaaa:vendor/model:free:input", "llm.tokens.input", 2m, 0m),
            ("activity:2026-10-03:aaaa:vendor/model:free:output", "llm.tokens.output", 2m, 0m),
            ("activity:2026-10-03:aaaa:vendor/model:free:reasoning", "llm.tokens.reasoning", 2m, 0m),
            ("activity:2026-10-03:aaaa:vendor/model:free:rest", "llm.generation", 2m, 2m),
        ]);
        made.ShouldAllBe(record => record.OccurredAt == Instant.FromUtc(2026, 10, 3, 12, 0) && record.ResourceId == "vendor/model:free");
        made[3].Attribute("remainder").ShouldBe("2026-10-03");
        made[3].Attribute("mapping.apikey").ShouldBe("alpha");
        made[3].Attribute("byokCost").ShouldBe("0.25");
        RemainderRecords.PlaceOf(new CapturedSum("alpha", null, "", made[0].IdempotencyKey, 2, 0, 0, 0), new LocalDate(2026, 10, 3)).ShouldBe(left.Of);
    }

    [Fact]
    public void Noise_of_binary_fractions_is_not_booked()
    {
        var left = new Remainder(new KeyDayTotal(Alpha, "m1", default), default(DayFigures) with { Cost = 0.000_000_000_000_04m }, false);

        RemainderRecords.Of(Vendors.Source("openrouter"), new LocalDate(2026, 10, 3), left, new Dictionary<string, CapturedSum>()).ShouldBeEmpty();
    }

    private static DayFigures Figures(decimal all) => new(all, all, all, all, all, 0);

    /// <summary>The rule word for word, however long it takes.</summary>
    private static List<Remainder> EachOffEach(List<KeyDayTotal> totals, List<DayCaptured> captured)
    {
        bool IsListed(DayCaptured told) => told.KeyName is { } name && Listed.Contains(name);
        Func<DayCaptured, KeyDayTotal, bool>[] nearness =
        [
            (told, total) => told.KeyName == total.Key.Name && told.Model == total.Model,
            (told, total) => told.KeyName == total.Key.Name,
            (told, total) => !IsListed(told) && total.Key.Name is null && told.Model == total.Model,
            (told, total) => !IsListed(told) && told.Model == total.Model,
            (told, _) => !IsListed(told),
        ];
        static decimal[] Of(DayFigures of) => [of.Input, of.Output, of.Reasoning, of.Generations, of.Cost, of.ByokCost];
        var (missing, spare) = (totals.ConvertAll(total => Of(total.Figures.OrNothing())), captured.ConvertAll(told => Of(told.Figures)));
        foreach (var isNear in nearness)
        {
            for (var (from, off) = (0, 0); totals.Count > 0 && from < captured.Count; (from, off) = off + 1 < totals.Count ? (from, off + 1) : (from + 1, 0))
            {
                for (var part = 0; part < 6 && isNear(captured[from], totals[off]); part++)
                {
                    var taken = Math.Min(spare[from][part], missing[off][part]);
                    (spare[from][part], missing[off][part]) = (spare[from][part] - taken, missing[off][part] - taken);
                }
            }
        }

        return [.. totals.Select((total, at) => new Remainder(
            total, new DayFigures(missing[at][0], missing[at][1], missing[at][2], missing[at][3], missing[at][4], missing[at][5]),
            captured.Exists(told => told.IsPending && (told.KeyName == total.Key.Name || !IsListed(told)))))];
    }
}
