using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace UsageLedger.Simulators;

/// <summary>The key that a request shows.</summary>
internal static class Bearer
{
    public static string? Of(HttpRequest request) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var shown) && string.Equals(shown.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
            ? shown.Parameter : null;

    public static bool Is(HttpRequest request, string key) => Of(request) == key;
}
