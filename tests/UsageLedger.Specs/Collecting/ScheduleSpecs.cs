using NodaTime;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.Specs.Collecting;

public sealed class ScheduleSpecs
{
    [Theory]
    [InlineData("*/15 * * * *", "0 */15 * * * ?")]
    [InlineData("0 */15 * * * *", "0 */15 * * * ?")]
    [InlineData("5,35 0-6/2 1 JAN-mar *", "0 5,35 0-6/2 1 1-3 ?")]
    [InlineData("0 3 * * MON", "0 0 3 ? * 2")]
    [InlineData("0 3 * * 1-5", "0 0 3 ? * 2-6")]
    [InlineData("0 3 * * 0", "0 0 3 ? * 1")]
    [InlineData("0 3 * * 7", "0 0 3 ? * 1")]
    [InlineData("0 3 ? * SUN", "0 0 3 ? * 1")]
    public void A_schedule_is_taken_and_told_as_Quartz_has_it(string text, string quartz) => CronText.ToQuartz(text).ShouldBe(quartz);

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("*/0 * * * *")]
    [InlineData("9-3 * * * *")]
    [InlineData("1,* * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("a * * * *")]
    [InlineData("? * * * *")]
    [InlineData("0 3 1 * MON")]
    public void What_is_no_schedule_is_refused(string text) => CronText.IsValid(text).ShouldBeFalse();

    [Theory]
    [InlineData("PT0S", 0)]
    [InlineData("PT90M", 90)]
    [InlineData("P1D", 1440)]
    [InlineData("P1DT6H", 1800)]
    [InlineData("P2W", 20160)]
    [InlineData("P90D", 129600)]
    public void A_look_back_is_a_duration_of_fixed_length(string text, int minutes)
    {
        var lookBack = LookBack.Parse(text).ShouldNotBeNull();

        lookBack.ShouldBe(Duration.FromMinutes(minutes));
        LookBack.Parse(LookBack.Format(lookBack)).ShouldBe(lookBack);
    }

    [Theory]
    [InlineData("1 day")]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("P91D")]
    [InlineData("PT2161H")]
    [InlineData("-P1D")]
    [InlineData("PT0.5S")]
    [InlineData("P99999999999D")]
    [InlineData("PT999999999999S")]
    public void Any_other_is_refused(string text) => LookBack.Parse(text).ShouldBeNull();
}
