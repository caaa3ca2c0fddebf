using System.Net.Sockets;
using System.Text;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>Connections that announce a body and send less of it, or a byte now and then.</summary>
internal sealed class Strangers(Uri at) : IDisposable
{
    private readonly List<TcpClient> _clients = [];
    private readonly CancellationTokenSource _over = new();

    /// <param name="headers">Beside those of the body; lines end with a carriage return and a line feed between them.</param>
    public async Task<NetworkStream> SendAsync(string path, string headers, int announced, byte[] sent)
    {
        var client = new TcpClient();
        _clients.Add(client);
        await client.ConnectAsync(at.Host, at.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: ledger\r\n{headers}\r\nContent-Type: application/json\r\nContent-Length: {announced}\r\n\r\n"));
        await stream.WriteAsync(sent, _over.Token);
        return stream;
    }

    public void Dispose()
    {
        _over.Cancel();
        _clients.ForEach(client => client.Dispose());
        _over.Dispose();
    }
}
