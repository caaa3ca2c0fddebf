using NodaTime.Text;

namespace UsageLedger.Simulators.Twilio;

/// <summary>What did not parse is a format error like any other.</summary>
internal static class ParseResults
{
    public static T GetValueOrThrowFormat<T>(this ParseResult<T> parsed) => parsed.Success ? parsed.Value : throw new FormatException("a date is written YYYY-MM-DD");
}
