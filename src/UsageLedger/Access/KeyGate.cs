using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace UsageLedger.Access;

/// <summary>Asks for a key, then for its scope, before anything else is looked at.</summary>
internal sealed class KeyGate(RequestDelegate next, ApiKeys keys)
{
    private const string Scheme = "Bearer ";
    private static readonly PathString Versioned = "/v1";

    public async Task InvokeAsync(HttpContext context)
    {
        var access = context.GetEndpoint()?.Metadata.GetMetadata<RouteAccess>();

        // Without a key nobody learns which routes there are, nor which methods they take.
        if (access is null ? !context.Request.Path.StartsWithSegments(Versioned) : access.Scope is null)
        {
            await next(context);
            return;
        }

        if (await CallerAsync(context) is not { } caller)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await AccessProblems.NoKey.ExecuteAsync(context);
            return;
        }

        if (access?.Scope is { } scope && !caller.Scopes.Allow(scope))
        {
            await AccessProblems.ScopeMissing(scope).ExecuteAsync(context);
            return;
        }

        caller.AttachTo(context);
        await next(context);
    }

    private async ValueTask<ApiCaller?> CallerAsync(HttpContext context)
    {
        var given = context.Request.Headers[HeaderNames.Authorization];
        return given is [{ } only] && only.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? await keys.FindAsync(only[Scheme.Length..].Trim(), context.RequestAborted)
            : null;
    }
}
