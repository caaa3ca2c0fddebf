using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace UsageLedger.Host.Embedded;

/// <summary>A program to run to its end, as another account when one is named.</summary>
internal sealed record ProgramRun(string File, params IReadOnlyList<string> Arguments)
{
    private const int OutputMaxChars = 65_536;

    public string? Account { get; init; }

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>npm is configured by the caller's environment; the database must not inherit the caller's secrets.</summary>
    public bool KeepsEnvironment { get; init; }

    public async Task<ProgramResult> RunAsync(TimeSpan atMost, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(atMost);
        using var process = Start();
        process.StandardInput.Close();
        var output = DrainAsync(process.StandardOutput, limit.Token);
        var errors = DrainAsync(process.StandardError, limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new ProgramResult(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            ct.ThrowIfCancellationRequested();
            throw new EmbeddedPostgresException($"{File} did not end within {atMost.TotalSeconds:0} s and was killed.");
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(File, Arguments)
        {
            WorkingDirectory = WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Account is not null)
            start.UserName = Account;
        if (!KeepsEnvironment)
            Clear(start);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            var asWhom = Account is null ? "" : $" as the account {Account}";
            throw new EmbeddedPostgresException($"{File} could not be run{asWhom}: {failure.Message}", failure);
        }
    }

    private static void Clear(ProcessStartInfo start)
    {
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C";
    }

    private static async Task<string> DrainAsync(StreamReader reader, CancellationToken ct)
    {
        var kept = new StringBuilder();
        var buffer = new char[4096];
        for (int read; (read = await reader.ReadAsync(buffer, ct)) > 0;)
            kept.Append(buffer, 0, Math.Min(read, OutputMaxChars - kept.Length));
        return kept.ToString();
    }
}

/// <summary>How a program ended and what it said.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    public string Said => string.Join('\n', new[] { Output.Trim(), Errors.Trim() }.Where(text => text.Length > 0));
}
