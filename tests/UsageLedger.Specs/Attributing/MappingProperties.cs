using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using UsageLedger.Attributing;
using static UsageLedger.Specs.Attributing.Claims;

namespace UsageLedger.Specs.Attributing;

public sealed class MappingProperties
{
    private static readonly Gen<Mapping> Drawn =
        from key in Gen.Elements("agent:a1", "agent:a2", "apikey:k1", "meta:client=x")
        from client in Gen.Choose(1, 4)
        from start in Gen.Choose(-1, 20)
        from length in Gen.Choose(1, 21)
        select Mapping(
            key, $"client-{client}", start < 0 ? null : Hour(start), start + length > 20 ? null : Hour(Math.Max(start, 0) + length), id: $"{key}-{client}-{start}-{length}");

    /// <summary>As the ledger lets them in: one after another, those that overlap an earlier one not.</summary>
    private static readonly Gen<List<Mapping>> LetIn =
        from many in Gen.ListOf(Drawn, 30)
        select many.Aggregate(new List<Mapping>(), (all, next) => all.Any(next.Overlaps) ? all : [.. all, next]);

    [Fact]
    public void Every_instant_is_claimed_by_at_most_one_mapping_of_a_key() =>
        Prop.ForAll(LetIn.ToArbitrary(), mappings => Enumerable.Range(-1, 24).All(hour =>
            mappings.Where(mapping => mapping.IsValidAt(Hour(hour))).GroupBy(mapping => mapping.Key).All(key => key.Count() == 1))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_claim_is_that_of_the_only_mapping_that_is_valid_then() =>
        Prop.ForAll(LetIn.ToArbitrary(), Gen.Choose(-1, 24).ToArbitrary(), (mappings, hour) =>
            new Mappings(mappings).ClaimOf(Record(Hour(hour), (MappingKeys.Agent, "a1")))
            == mappings.SingleOrDefault(mapping => mapping.Key.Kept == "agent:a1" && mapping.IsValidAt(Hour(hour)))).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_the_mappings_does_not_matter() =>
        Prop.ForAll(LetIn.ToArbitrary(), Gen.Choose(-1, 24).ToArbitrary(), (mappings, hour) =>
        {
            var record = Record(Hour(hour), (MappingKeys.Agent, "a2"), (MappingKeys.ApiKey, "k1"), (MappingKeys.Meta + "client", "x"));
            return new Mappings(mappings).Apply(record) == new Mappings(Enumerable.Reverse(mappings)).Apply(record);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_mappings_overlap_when_and_only_when_both_are_valid_at_some_instant() =>
        Prop.ForAll(Gen.Two(Drawn).ToArbitrary(), pair =>
            pair.Item1.Overlaps(pair.Item2) == (pair.Item1.Key == pair.Item2.Key
                && Enumerable.Range(-1, 48).Any(hour => pair.Item1.IsValidAt(Hour(hour)) && pair.Item2.IsValidAt(Hour(hour))))).QuickCheckThrowOnFailure();

    private static Instant Hour(int hour) => Noon + Duration.FromHours(hour);
}
