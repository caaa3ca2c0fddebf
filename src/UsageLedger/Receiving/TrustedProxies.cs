using System.Net;

namespace UsageLedger.Receiving;

/// <summary>The proxies whose <c>X-Forwarded-*</c> headers are believed; anybody else's say nothing.</summary>
public sealed record TrustedProxies(IReadOnlyList<IPNetwork> Networks)
{
    public static readonly TrustedProxies None = new([]);

    public bool Contains(IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Networks.Any(network => network.Contains(plain));
    }

    /// <summary>Addresses and networks with commas between; null if one of them is neither.</summary>
    public static TrustedProxies? Parse(string text)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(part, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(part, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                return null;
            }
        }

        return new TrustedProxies(networks);
    }
}
