using System.Net;
using System.Net.Sockets;

namespace UsageLedger.Host.Verbs;

/// <summary>Where to listen, looked at before anything is started for it.</summary>
internal static class ListenAddresses
{
    /// <exception cref="SettingsException">An address is none that can be listened on.</exception>
    /// <exception cref="IOException">Another program listens there.</exception>
    public static void Refuse(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = Parse(url);
            if (address.IsUnixPipe || address.Port == 0)
            {
                continue;
            }

            try
            {
                using var probe = new TcpListener(AddressOf(address.Host), address.Port);
                probe.Start();
            }
            catch (SocketException taken)
            {
                throw new IOException($"{url} cannot be listened on: {taken.Message.ToLowerInvariant()}. Give another address with --urls.", taken);
            }
        }
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address is { Scheme: "http", PathBase: "" }
                ? address
                : throw new SettingsException($"--urls is '{url}'; the ledger speaks http, without a path; TLS is for a proxy before it.");
        }
        catch (FormatException failure)
        {
            throw new SettingsException($"--urls is '{url}'; write it as http://127.0.0.1:5080.", failure);
        }
    }

    private static IPAddress AddressOf(string host) =>
        host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
}
