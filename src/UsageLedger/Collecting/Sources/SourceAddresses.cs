using System.Net;
using System.Text;

namespace UsageLedger.Collecting.Sources;

/// <summary>
/// Where sources may lie. An address that a tenant gives must not lead this server to itself or into its own network, so such
/// addresses are refused here when written as such, and by whoever connects when a name turns out to be one.
/// </summary>
/// <param name="AllowLoopback">Every address and plain http are allowed: for simulators and development.</param>
public sealed record SourceAddresses(bool AllowLoopback)
{
    private static readonly IPNetwork[] Inner =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("192.88.99.0/24"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("::/96"), IPNetwork.Parse("100::/64"), IPNetwork.Parse("2001::/23"), IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("64:ff9b:1::/48"), IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fec0::/10"), IPNetwork.Parse("ff00::/8"),
    ];

    /// <summary>Whether a connection may go to this address.</summary>
    public bool Allows(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return AllowLoopback || !Inner.Any(network => network.Contains(plain));
    }

    /// <summary>What is wrong with a base URL, or null: it goes on after <c>must</c>.</summary>
    public string? Refusal(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.Scheme is not ("http" or "https")
            ? "be an absolute https URL"
        : url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0 ? "hold no user name, query or fragment"
        : AllowLoopback ? null
        : !Ascii.IsValid(url.Host) ? "name its host in ASCII, as xn--... where it is of other letters"
        : url.Scheme != Uri.UriSchemeHttps ? "begin with https://"
        : IsInner(url) ? "name a host outside this server's own network (Ledger__AllowLoopbackSources allows others for development)"
        : null;

    private bool IsInner(Uri url) =>
        IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address)
            ? !Allows(address)
            : url.IsLoopback || IsLocalName(url.IdnHost.TrimEnd('.'));

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || !host.Contains('.', StringComparison.Ordinal)
        || Array.Exists([".localhost", ".local", ".internal"], end => host.EndsWith(end, StringComparison.OrdinalIgnoreCase));
}
