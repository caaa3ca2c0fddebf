using System.Diagnostics;
using System.Net.Http.Headers;
using NodaTime;
using UsageLedger.Access;
using UsageLedger.EventLog;

namespace UsageLedger.Benchmarks;

/// <summary>A real <c>ledger serve</c> process on a database of the cluster, and a key for it.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private const string ReadyLine = "The ledger listens on ";
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private BenchHost(Process process, string url, string key)
    {
        this.process = process;
        Http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(2) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public HttpClient Http { get; }

    public long? PeakMb => ProcessMemory.PeakMb(process.Id);

    public static async Task<BenchHost> StartAsync(BenchCluster cluster, string connectionString, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ledger"), ["serve", "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = cluster.Folder,
        };
        start.Environment["ConnectionStrings__Ledger"] = connectionString;
        start.Environment["Ledger__DataDir"] = Path.Combine(cluster.Folder, "host");
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(ReadyWithin);
        if (line?.StartsWith(ReadyLine, StringComparison.Ordinal) is not true)
        {
            process.Kill();
            throw new InvalidOperationException($"ledger serve did not come up; it said: {line}");
        }

        return new BenchHost(process, line[ReadyLine.Length..], await KeyAsync(connectionString));
    }

    /// <summary>Sends a batch and returns the position it was answered with.</summary>
    public async Task<long> PostAsync(byte[] batch)
    {
        using var content = new ByteArrayContent(batch);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await Http.PostAsync(new Uri("/v1/usage?items=problems", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        using var answer = await System.Text.Json.JsonDocument.ParseAsync(body);
        return answer.RootElement.GetProperty("items").GetArrayLength() == 0
            ? answer.RootElement.GetProperty("position").GetInt64()
            : throw new InvalidOperationException($"Not all of the batch was recorded: {answer.RootElement.GetProperty("items")[0]}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<string> KeyAsync(string connectionString)
    {
        await using var database = LogDatabase.Open(connectionString, "bench");
        var (created, refusal) = await CreateKeyHandler.Handle(
            new CreateKey(BenchRows.Tenant, ["admin"]), database, SystemClock.Instance, CancellationToken.None);
        return created?.Secret ?? throw new InvalidOperationException(refusal!.Message);
    }
}
