using System.Net;
using System.Net.Sockets;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>A vendor whose queue of connections is full, so that it takes no more and refuses none; and a client of it that has little time.</summary>
internal sealed class SilentVendor : IDisposable
{
    private const int WaitingMax = 100;

    private static readonly VendorPatience Hasty = new(
        Duration.FromSeconds(5), Duration.FromSeconds(20), 4, Duration.FromMilliseconds(1), Duration.FromMilliseconds(10), Duration.FromMinutes(1))
    {
        ConnectMax = Duration.FromMilliseconds(50)
    };

    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> waiting = [];
    private readonly VendorClients clients = new(new SourceAddresses(AllowLoopback: true), Hasty);

    private SilentVendor()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
    }

    /// <summary>How often it was asked, or would have been.</summary>
    public int Tries { get; private set; }

    private Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}");

    public static async Task<SilentVendor> StartAsync()
    {
        var vendor = new SilentVendor();
        for (var place = 0; place < WaitingMax && await vendor.QueueAsync(); place++)
        {
        }

        return vendor;
    }

    public Task AskAsync() => AskAsync(CancellationToken.None);

    public Task AskAsync(CancellationToken ct) => clients
        .For(new Source("acme", "main", "spec", Url, null, Duration.Zero, new Dictionary<string, string>()), new VendorLimits(1_000, 2, 10, 1_000))
        .SendAsync(() => Counted(new HttpRequestMessage(HttpMethod.Get, Url)), ct);

    public void Dispose()
    {
        clients.Dispose();
        waiting.ForEach(socket => socket.Dispose());
        listener.Dispose();
    }

    /// <summary>Whether there was room for one more.</summary>
    private async Task<bool> QueueAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        waiting.Add(socket);
        using var full = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            await socket.ConnectAsync(listener.LocalEndPoint!, full.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private HttpRequestMessage Counted(HttpRequestMessage request)
    {
        Tries++;
        return request;
    }
}
