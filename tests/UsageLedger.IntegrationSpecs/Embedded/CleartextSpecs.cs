using System.Net;
using System.Net.Sockets;
using Npgsql;
using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Embedded;

public sealed class CleartextSpecs
{
    private static readonly byte[] CleartextAsked = [(byte)'R', 0, 0, 0, 8, 0, 0, 0, 3];

    [Fact]
    public async Task Whoever_sits_on_the_port_of_the_embedded_server_is_told_no_password()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answered = AskForPasswordAsync(listener);

        await Should.ThrowAsync<NpgsqlException>(() => ServerConnection.OpenSuperuserAsync(
            ((IPEndPoint)listener.LocalEndpoint).Port, new ClusterPasswords("superuser-password", "owner-password"), CancellationToken.None));

        (await answered.WaitAsync(TimeSpan.FromSeconds(10))).ShouldNotContain("superuser-password");
        new NpgsqlConnectionStringBuilder(ServerConnection.ForOwner(1, new ClusterPasswords("a", "b"))).RequireAuth.ShouldBe("ScramSHA256");
    }

    /// <summary>As a server that wants the password as it is.</summary>
    private static async Task<string> AskForPasswordAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var buffer = new byte[4096];
        _ = await stream.ReadAsync(buffer);
        await stream.WriteAsync(CleartextAsked);
        client.ReceiveTimeout = 5_000;
        try
        {
            var read = await stream.ReadAsync(buffer);
            return System.Text.Encoding.UTF8.GetString(buffer, 0, read);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
