using UsageLedger.Recording;

namespace UsageLedger.Importing;

/// <summary>What one line of a file held.</summary>
/// <param name="Line">From 1, as an editor counts; of a row of several lines the first.</param>
public readonly record struct ImportedUsage(long Line, ParsedUsage Usage)
{
    internal static ImportedUsage Refused(long line, string code, string message, string at = "") =>
        new(line, ParsedUsage.Refused(new FieldProblem(at, code, message)));
}
