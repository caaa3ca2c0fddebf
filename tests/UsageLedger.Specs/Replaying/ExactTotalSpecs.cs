using System.Globalization;
using UsageLedger.Recording;
using UsageLedger.Replaying;

namespace UsageLedger.Specs.Replaying;

public sealed class ExactTotalSpecs
{
    [Theory]
    [InlineData("0")]
    [InlineData("-0.0")]
    [InlineData("1.50")]
    [InlineData("-1.5")]
    [InlineData("0.0000000000000000000000000001")]
    [InlineData("-9999999999999999999999999999")]
    [InlineData("120")]
    public void A_total_of_one_reads_as_the_record_does(string number)
    {
        var value = decimal.Parse(number, CultureInfo.InvariantCulture);

        ExactTotal.Of(value).ToString().ShouldBe(ExactDecimal.ToText(value));
    }

    [Fact]
    public void Sums_keep_digits_that_no_decimal_holds() =>
        (ExactTotal.Of(9_999_999_999_999_999_999_999_999_999m) + ExactTotal.Of(1.0000000000000000000000000001m)).ToString()
            .ShouldBe("10000000000000000000000000000.0000000000000000000000000001");

    [Fact]
    public void What_is_added_and_taken_is_nothing() =>
        (ExactTotal.Of(0.1m) + -ExactTotal.Of(0.10m)).ShouldBe(ExactTotal.Zero);
}
