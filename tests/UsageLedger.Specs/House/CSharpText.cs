namespace UsageLedger.Specs.House;

/// <summary>A source file with its comments and the text of its strings told apart from its code.</summary>
/// <param name="Code">As long as <paramref name="Text"/>, with spaces for comments and for what stands between quotes.</param>
internal sealed record CSharpText(
    string Path, string Text, string Code, IReadOnlyList<StringLiteral> Literals, IReadOnlyList<SourceComment> Comments)
{
    public int LineCount => Text.TrimEnd('\n').Count(character => character == '\n') + 1;

    public static CSharpText Of(string path, string text) => new CSharpScanner(path, text).Read();

    public int LineOf(int offset) => Text.AsSpan(0, offset).Count('\n') + 1;

    public string At(int offset, string offence) => $"{Path}:{LineOf(offset)} {offence}";
}

/// <summary>One string between its quotes; what stands in holes is code and left out.</summary>
internal sealed record StringLiteral(int Start, int End, bool HasHoles, string Text);

/// <summary>One comment without its slashes; documentation comments are marked.</summary>
internal sealed record SourceComment(int Start, bool Documents, string Text);
