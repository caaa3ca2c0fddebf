using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace UsageLedger.Access;

/// <summary>Who asks: the tenant that the key names, and what the key may be used for. An endpoint takes it as a parameter.</summary>
public sealed record ApiCaller(string Tenant, Guid KeyId, Scopes Scopes)
{
    private static readonly object Place = new();

    /// <summary>The caller of a route that requires a scope; others have none.</summary>
    public static ApiCaller? Of(HttpContext context) => context.Items[Place] as ApiCaller;

    public static ValueTask<ApiCaller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(Of(context));

    internal void AttachTo(HttpContext context) => context.Items[Place] = this;
}
