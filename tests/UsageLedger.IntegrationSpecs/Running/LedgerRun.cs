using System.Text.Json;
using System.Text.Json.Nodes;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>What a verb left behind.</summary>
internal sealed record LedgerRun(int ExitCode, string Out, string Errors)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Standard output, which must be one JSON document and nothing else.</summary>
    public JsonObject Json => JsonNode.Parse(Out, documentOptions: Strict)!.AsObject();

    /// <summary>This run, if it ended so; otherwise the spec fails with what the verb said.</summary>
    public LedgerRun ShouldExit(int code)
    {
        ExitCode.ShouldBe(code, $"standard output:\n{Out}\nstandard error:\n{Errors}");
        return this;
    }
}
