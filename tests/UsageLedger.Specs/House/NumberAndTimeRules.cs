using System.Text.RegularExpressions;

namespace UsageLedger.Specs.House;

/// <summary>Amounts are decimals and time comes in as a value.</summary>
internal static partial class NumberAndTimeRules
{
    public static IEnumerable<string> BinaryFractions(CSharpText source) => Found(source, BinaryFraction());

    public static IEnumerable<string> AmbientClocks(CSharpText source) => Found(source, AmbientClock());

    [GeneratedRegex(@"\b(float|double|Single|Double|Half)\b|\b\d[\d_]*(\.\d+)?[fFdD]\b")]
    private static partial Regex BinaryFraction();

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\s*\.\s*(Now|UtcNow|Today)\b|\bSystemClock\b|\bTickCount(64)?\b|\bTimeProvider\s*\.\s*System\b")]
    private static partial Regex AmbientClock();

    private static IEnumerable<string> Found(CSharpText source, Regex pattern) =>
        pattern.Matches(source.Code).Select(match => source.At(match.Index, match.Value));
}
