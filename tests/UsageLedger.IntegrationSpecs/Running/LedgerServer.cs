using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>A running <c>ledger serve</c> on a free port of its own.</summary>
internal sealed class LedgerServer : IAsyncDisposable
{
    private const string ReadyLine = "The ledger listens on ";

    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Lifeline _lifeline;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource _errorsEnded = new();

    private LedgerServer(Process process)
    {
        (_process, _lifeline) = (process, new Lifeline(process));
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
                _errors.Enqueue(text);
            else
                _errorsEnded.TrySetResult();
        };
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; } = new() { Timeout = AnswerMax };

    public int ProcessId => _process.Id;

    public bool IsRunning => !_process.HasExited;

    /// <summary>What it has logged so far.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>Returns when it says where it listens.</summary>
    public static async Task<LedgerServer> StartAsync(LedgerProgram program, string urls = "http://127.0.0.1:0")
    {
        var server = await TryStartAsync(program, urls);
        server.Client.BaseAddress.ShouldNotBeNull(server.Errors);
        return server;
    }

    /// <summary>Returns when it says where it listens, or has ended before that.</summary>
    public static async Task<LedgerServer> TryStartAsync(LedgerProgram program, string urls = "http://127.0.0.1:0")
    {
        var server = new LedgerServer(program.Start("serve", "--urls", urls));
        try
        {
            var line = await server._process.StandardOutput.ReadLineAsync().WaitAsync(ReadyMax);
            if (line is null)
            {
                await server._process.WaitForExitAsync().WaitAsync(StopMax);
                return server;
            }

            line.ShouldStartWith(ReadyLine);
            server.Client.BaseAddress = new Uri(line[ReadyLine.Length..]);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM, as a supervisor sends it.</summary>
    public void Terminate() => Signal("-TERM");

    /// <summary>Waits for its end. What it said after the line that it is ready stands in the answer.</summary>
    public async Task<LedgerRun> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(StopMax);
        await Task.WhenAll(_process.WaitForExitAsync(), _errorsEnded.Task).WaitAsync(StopMax);
        return new LedgerRun(_process.ExitCode, output, Errors);
    }

    /// <summary>SIGSTOP: it lives, holds what it holds, and does nothing.</summary>
    public void Freeze() => Signal("-STOP");

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal("-CONT");

    /// <summary>kill -9 of this process alone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        try
        {
            if (IsRunning)
            {
                Terminate();
                await _process.WaitForExitAsync().WaitAsync(StopMax);
            }
        }
        catch (TimeoutException)
        {
            Kill();
        }

        _lifeline.Dispose();
        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
