using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

public sealed class Rfc3339Specs
{
    private static readonly Gen<Instant> Instants =
        from day in Gen.Choose(-719_162, 2_932_896)
        from second in Gen.Choose(0, 86_399)
        from ticks in Gen.Choose(0, 9_999_999)
        from shift in Gen.Elements(1, 10, 10_000, 10_000_000)
        select NodaConstants.UnixEpoch + Duration.FromDays(day) + Duration.FromSeconds(second) + Duration.FromTicks(ticks / shift * shift);

    [Theory]
    [InlineData("2026-10-31T23:00:00Z")]
    [InlineData("2026-10-31T23:00:00.5Z")]
    [InlineData("2026-10-31T23:00:00.000001Z")]
    [InlineData("1969-12-31T23:59:59.9999999Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public void An_instant_is_written_with_no_digit_too_many(string text) =>
        Rfc3339.Format(InstantPattern.ExtendedIso.Parse(text).Value).ShouldBe(text);

    [Fact]
    public void What_is_below_100_nanoseconds_is_cut() =>
        Rfc3339.Format(InstantPattern.ExtendedIso.Parse("2026-10-31T23:00:00.999999999Z").Value).ShouldBe("2026-10-31T23:00:00.9999999Z");

    [Fact]
    public void Every_instant_is_written_as_NodaTime_writes_it() =>
        Prop.ForAll(Instants.ToArbitrary(), instant => Rfc3339.Format(instant) == InstantPattern.ExtendedIso.Format(instant))
            .QuickCheckThrowOnFailure();
}
