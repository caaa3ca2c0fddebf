namespace UsageLedger.Specs.House;

/// <summary>A file is one idea, a method fits a screen.</summary>
internal static class SizeRules
{
    public const int FileLinesMax = 250;
    public const int MethodLinesMax = 60;

    public static IEnumerable<string> LongFile(CSharpText source) =>
        source.LineCount > FileLinesMax ? [$"{source.Path} has {source.LineCount} lines"] : [];

    public static IEnumerable<string> LongMethods(CSharpText source) =>
        from method in SourceMembers.MethodsOf(source)
        let lines = source.LineOf(method.End - 1) - source.LineOf(method.Start) + 1
        where lines > MethodLinesMax
        select source.At(method.Start, $"{method.Name} has {lines} lines");
}
