using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using UsageLedger.Collecting;

namespace UsageLedger.Receiving;

/// <summary>The URL under which a vendor called: some sign it.</summary>
public static class ReceivedUrl
{
    /// <summary>The configured one, else the one that a trusted proxy was called by, else the one of this request, character for character.</summary>
    public static string Of(HttpContext context, Source source, TrustedProxies proxies)
    {
        if (source.Settings.GetValueOrDefault(SourceSettings.WebhookUrl) is { Length: > 0 } configured)
        {
            // The vendor signs the query it called with, also where the setting names none.
            return configured.Contains('?', StringComparison.Ordinal) ? configured : configured + Query(context);
        }

        var request = context.Request;
        var behindProxy = proxies.Contains(context.Connection.RemoteIpAddress);
        var scheme = (behindProxy ? Last(request, "X-Forwarded-Proto") : null) ?? request.Scheme;
        var host = (behindProxy ? Last(request, "X-Forwarded-Host") : null) ?? request.Host.Value;
        var port = behindProxy && !HasPort(host!) && Last(request, "X-Forwarded-Port") is { } given && !IsDefault(scheme, given) ? ":" + given : "";
        return $"{scheme}://{host}{port}{Target(context)}";
    }

    /// <summary>What the nearest proxy added; what stands before it anybody could have sent.</summary>
    private static string? Last(HttpRequest request, string header) =>
        request.Headers[header].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).LastOrDefault();

    private static bool HasPort(string host) => host.LastIndexOf(':') > host.LastIndexOf(']');

    private static bool IsDefault(string scheme, string port) => (scheme, port) is ("https", "443") or ("http", "80");

    private static string Query(HttpContext context) =>
        Target(context) is var target && target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? target[at..] : "";

    private static string Target(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] raw
            ? raw
            : context.Request.PathBase + context.Request.Path + context.Request.QueryString.Value;
}
