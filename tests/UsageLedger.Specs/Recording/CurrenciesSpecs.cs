using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

public sealed class CurrenciesSpecs
{
    [Theory]
    [InlineData("USD")]
    [InlineData("EUR")]
    [InlineData("XCG")]
    [InlineData("DEM")]
    [InlineData("HRK")]
    public void Active_and_historic_codes_are_known(string code) => Currencies.Contains(code).ShouldBeTrue();

    [Theory]
    [InlineData("usd")]
    [InlineData("US")]
    [InlineData("USDT")]
    [InlineData("ABC")]
    [InlineData("")]
    [InlineData("BTC")]
    public void Anything_else_is_unknown(string code) => Currencies.Contains(code).ShouldBeFalse();
}
