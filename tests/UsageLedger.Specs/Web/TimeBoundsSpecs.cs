using System.Text;
using UsageLedger.Answering;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Web;

public sealed class TimeBoundsSpecs
{
    [Theory]
    [InlineData("1999-12-31T23:59:59.999999Z", false)]
    [InlineData("2000-01-01T00:00:00Z", true)]
    [InlineData("2100-12-31T23:59:59.999999Z", true)]
    [InlineData("2101-01-01T00:00:00Z", false)]
    public void A_time_is_within_just_where_its_day_is(string text, bool within)
    {
        InstantText.Broken(Encoding.UTF8.GetBytes(text), out var at).ShouldBeNull();

        DateBounds.Hold(at).ShouldBe(within);
        DateBounds.Hold(at.InUtc().Date).ShouldBe(within);
    }

    [Theory]
    [InlineData("2026-10-31T23:00:00", Refusals.MissingOffset)]
    [InlineData("yesterday", Refusals.NotAnInstant)]
    public void Why_a_text_is_no_instant_is_told_by_a_code(string text, string code) =>
        InstantText.Broken(Encoding.UTF8.GetBytes(text), out _)!.Value.Code.ShouldBe(code);
}
