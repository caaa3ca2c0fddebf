using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>What a verb, or another program, left behind.</summary>
internal sealed record LedgerRun(int ExitCode, string Out, string Errors)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Standard output, which must be one JSON document and nothing else.</summary>
    public JsonObject Json => JsonNode.Parse(Out, documentOptions: Strict)!.AsObject();

    /// <summary>Runs a program to its end; one that takes longer is ended, with all that it started.</summary>
    public static async Task<LedgerRun> OfAsync(ProcessStartInfo start, TimeSpan runMax)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await Task.WhenAll(process.WaitForExitAsync(), output, errors).WaitAsync(runMax);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        return new LedgerRun(process.ExitCode, await output, await errors);
    }

    /// <summary>This run, if it ended so; otherwise the spec fails with what the verb said.</summary>
    public LedgerRun ShouldExit(int code)
    {
        ExitCode.ShouldBe(code, $"standard output:\n{Out}\nstandard error:\n{Errors}");
        return this;
    }
}
