namespace UsageLedger.Importing;

/// <summary>The forms of file that can be imported.</summary>
public enum ImportFormat
{
    /// <summary>A usage record a line, as JSON.</summary>
    Ndjson,

    /// <summary>RFC 4180 with a header that names the members of usage records; attributes stand in columns <c>attributes.NAME</c>.</summary>
    Csv,

    /// <summary>Traces of language models: <c>TIMESTAMP,ContextTokens,GeneratedTokens</c>, two records a row.</summary>
    LlmTrace
}

/// <summary>Names of <see cref="ImportFormat"/>s on the command line.</summary>
public static class ImportFormats
{
    public static readonly IReadOnlyList<string> Names = ["ndjson", "csv", "llm-trace"];

    public static ImportFormat? Find(string name) => name switch
    {
        "ndjson" => ImportFormat.Ndjson,
        "csv" => ImportFormat.Csv,
        "llm-trace" => ImportFormat.LlmTrace,
        _ => null
    };

    /// <summary>The format that a file's name tells, or null.</summary>
    public static ImportFormat? OfFile(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".NDJSON" or ".JSONL" => ImportFormat.Ndjson,
        ".CSV" => ImportFormat.Csv,
        _ => null
    };
}
