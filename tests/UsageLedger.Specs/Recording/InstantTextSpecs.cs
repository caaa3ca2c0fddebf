using System.Text;
using UsageLedger.EventLog.Proof;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

public sealed class InstantTextSpecs
{
    [Theory]
    [InlineData("2026-10-31T23:00:00Z", "2026-10-31T23:00:00Z")]
    [InlineData("2026-10-31t23:00:00z", "2026-10-31T23:00:00Z")]
    [InlineData("2026-11-01T01:00:00+02:00", "2026-10-31T23:00:00Z")]
    [InlineData("2018-04-05T16:31:00-01:00", "2018-04-05T17:31:00Z")]
    [InlineData("2026-10-31T23:00:00-00:00", "2026-10-31T23:00:00Z")]
    [InlineData("2024-02-29T12:00:00.120Z", "2024-02-29T12:00:00.12Z")]
    [InlineData("2018-04-05T17:31:00.000000000Z", "2018-04-05T17:31:00Z")]
    public void An_instant_is_kept_in_UTC(string text, string kept) => Kept(text).ShouldBe(kept);

    [Fact]
    public void Digits_beyond_the_microsecond_are_cut_not_rounded() =>
        Kept("2026-10-31T22:59:59.9999999999Z").ShouldBe("2026-10-31T22:59:59.999999Z");

    [Theory]
    [InlineData("2016-12-31T23:59:60Z")]
    [InlineData("2016-12-31T15:59:60.5-08:00")]
    public void A_leap_second_stays_before_the_boundary_it_ends(string text) => Kept(text).ShouldBe("2016-12-31T23:59:59.999999Z");

    [Theory]
    [InlineData("2026-10-31T23:00:00")]
    [InlineData("2026-10-31T23:00:00.5")]
    public void An_instant_without_an_offset_is_told_apart(string text) =>
        InstantText.Read(Encoding.UTF8.GetBytes(text), out _).ShouldBe(InstantReading.NoOffset);

    [Theory]
    [InlineData("lunchtime")]
    [InlineData("2026-10-31")]
    [InlineData("2026-10-31 23:00:00Z")]
    [InlineData("2026-10-31T23:00Z")]
    [InlineData("2026-10-31T23:00:00X")]
    [InlineData("2026-10-31T23:00:00+xx:00")]
    [InlineData("2026-10-31T23:00:00+0200")]
    [InlineData("2026-10-31T23:00:00+02")]
    [InlineData("2026-10-31T23:00:00+24:00")]
    [InlineData("2026-10-31T23:00:00.Z")]
    [InlineData("2026-10-31T23:00:00,5Z")]
    [InlineData("2026-10-31T24:00:00Z")]
    [InlineData("2026-10-31T23:60:00Z")]
    [InlineData("2026-10-31T23:00:60Z")]
    [InlineData("2026-10-31T23:00:00Z ")]
    [InlineData(" 2026-10-31T23:00:00Z")]
    [InlineData("2026-02-29T23:00:00Z")]
    [InlineData("2026-13-01T23:00:00Z")]
    [InlineData("2026-00-01T23:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("-026-10-31T23:00:00Z")]
    [InlineData("2026-W44-6T23:00:00Z")]
    public void Anything_else_is_no_instant(string text) =>
        InstantText.Read(Encoding.UTF8.GetBytes(text), out _).ShouldBe(InstantReading.NotAnInstant);

    private static string Kept(string text)
    {
        InstantText.Read(Encoding.UTF8.GetBytes(text), out var instant).ShouldBe(InstantReading.Read);
        return Rfc3339.Format(instant);
    }
}
