using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using UsageLedger.IntegrationSpecs.Web;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>Whoever sends a letter a second keeps a connection for some seconds, and keeps nobody else from being served.</summary>
public sealed class SlowClientSpecs(ServedLedger ledger) : IClassFixture<ServedLedger>
{
    private const int Each = 40;
    private static readonly TimeSpan CutWithin = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan ServedWithin = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Slow_headers_and_slow_bodies_are_cut_off_and_others_are_served_meanwhile()
    {
        var caller = await ledger.CallerAsync("acme", "admin");
        var body = $"POST /v1/usage HTTP/1.1\r\nHost: ledger\r\nAuthorization: Bearer {caller.Key}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n[";
        var slow = Enumerable.Range(0, Each).Select(_ => DribbleAsync("GET /v1/clients HTTP/1.1\r\nHost: ledger\r\nX-Slow: "))
            .Concat(Enumerable.Range(0, Each).Select(_ => DribbleAsync(body))).ToList();

        var all = Task.WhenAll(slow);
        var slowest = TimeSpan.Zero;
        while (!all.IsCompleted)
        {
            var asked = Stopwatch.GetTimestamp();
            (await caller.GetAsync("/v1/clients")).Status.ShouldBe(200);
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(asked).Ticks));
            await Task.WhenAny(all, Task.Delay(100));
        }

        slowest.ShouldBeLessThan(ServedWithin);
        (await all).ShouldAllBe(elapsed => elapsed < CutWithin);
    }

    /// <summary>How long the server put up with it.</summary>
    private async Task<TimeSpan> DribbleAsync(string begun)
    {
        var started = Stopwatch.GetTimestamp();
        using var client = new TcpClient();
        await client.ConnectAsync(ledger.Client.BaseAddress!.Host, ledger.Client.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(begun));
        using var over = new CancellationTokenSource(CutWithin);
        var read = ReadToEndAsync(stream, over.Token);
        try
        {
            while (!read.IsCompleted && !over.IsCancellationRequested)
            {
                await stream.WriteAsync("1"u8.ToArray(), over.Token);
                await Task.WhenAny(read, Task.Delay(1_000, over.Token));
            }

            await read;
        }
        catch (Exception cut) when (cut is IOException or OperationCanceledException)
        {
            // It was cut off, or the time is over, which the elapsed time tells.
        }

        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task ReadToEndAsync(NetworkStream stream, CancellationToken ct)
    {
        var buffer = new byte[1024];
        while (await stream.ReadAsync(buffer, ct) > 0)
        {
        }
    }
}
