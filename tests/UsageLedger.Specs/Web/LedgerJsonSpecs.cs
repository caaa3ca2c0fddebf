using System.Text.Json;
using NodaTime;
using UsageLedger.Answering;

namespace UsageLedger.Specs.Web;

public sealed class LedgerJsonSpecs
{
    [Fact]
    public void Answers_have_one_form() =>
        JsonSerializer.Serialize(
                new Answer(1.500m, Instant.FromUtc(2026, 10, 31, 23, 0) + Duration.FromMilliseconds(120), new LocalDate(2026, 10, 1), "Größe <1>", null),
                LedgerJson.Options)
            .ShouldBe("""{"totalCost":"1.5","at":"2026-10-31T23:00:00.12Z","day":"2026-10-01","name":"Größe <1>","nothing":null}""");

    [Theory]
    [InlineData("0.000", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("7922816251426433759354395033.5", "7922816251426433759354395033.5")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    public void Decimals_are_plain_and_without_trailing_zeros(string value, string written) =>
        JsonSerializer.Serialize(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), LedgerJson.Options).ShouldBe($"\"{written}\"");

    [Fact]
    public void Names_are_case_sensitive_and_unknown_ones_refused()
    {
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Answer>("""{"TotalCost":"1"}""", LedgerJson.Options));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Answer>("""{"totalCost":"1","totalCost":"1"}""", LedgerJson.Options));
        JsonSerializer.Deserialize<Answer>("""{"totalCost":1.50}""", LedgerJson.Options)!.TotalCost.ShouldBe(1.5m);
    }

    private sealed record Answer(decimal TotalCost, Instant At, LocalDate Day, string Name, string? Nothing);
}
