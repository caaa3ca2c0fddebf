using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.Collecting;

/// <summary>The ways to the vendors: one for each source, over connections that are shared and never older than some minutes.</summary>
public sealed class VendorClients : IDisposable
{
    private const int SourcesMax = 10_000;

    private readonly ConcurrentDictionary<(string Tenant, string Id), Way> ways = new();
    private readonly SourceAddresses addresses;
    private readonly VendorPatience patience;
    private readonly HttpMessageInvoker http;

    public VendorClients(SourceAddresses addresses)
        : this(addresses, VendorPatience.Default)
    {
    }

    internal VendorClients(SourceAddresses addresses, VendorPatience patience)
    {
        this.addresses = addresses;
        this.patience = patience;
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // Without redirects and proxies a request goes where the source says, and nowhere else.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = patience.ConnectMax.ToTimeSpan(),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 64,
        });
    }

    /// <summary>The same way every time for the same source, so that its limits hold over all runs; a source that moved has a new one.</summary>
    public VendorHttp For(Source source, VendorLimits limits)
    {
        var key = (source.Tenant, source.Id);
        while (true)
        {
            if (!ways.TryGetValue(key, out var way))
            {
                way = ways.GetOrAdd(key, _ => Make(source, limits));
                Forget();
            }

            if (way.BaseUrl == source.BaseUrl && way.Limits == limits)
            {
                return way.Http.Value;
            }

            if (ways.TryUpdate(key, Make(source, limits), way))
            {
                way.Dispose();
            }
        }
    }

    public void Dispose()
    {
        http.Dispose();
        foreach (var way in ways.Values)
        {
            way.Dispose();
        }
    }

    private Way Make(Source source, VendorLimits limits) =>
        new(source.BaseUrl, limits, new Lazy<VendorHttp>(() => new VendorHttp(http, source.BaseUrl, limits, patience, source.Provider)));

    private void Forget()
    {
        if (ways.Count > SourcesMax && ways.Keys.FirstOrDefault() is var any && ways.TryRemove(any, out var way))
        {
            way.Dispose();
        }
    }

    /// <summary>Connects to what the name means now, if that is no address of this server's own network.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var allowed = Array.FindAll(found, addresses.Allows);
        if (allowed.Length == 0)
        {
            throw new VendorException(VendorException.Unreachable, "The source's host is an address of this server's own network; that is not allowed.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed record Way(Uri BaseUrl, VendorLimits Limits, Lazy<VendorHttp> Http) : IDisposable
    {
        public void Dispose()
        {
            if (Http.IsValueCreated)
            {
                Http.Value.Dispose();
            }
        }
    }
}
