using Microsoft.OpenApi;

namespace UsageLedger.Host.OpenApi;

/// <summary>How callers show their key.</summary>
internal static class Security
{
    public const string SchemeName = "apiKey";

    public static readonly OpenApiSecurityScheme Scheme = new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        BearerFormat = "ulk_...",
        Description = "A key of `ledger keys create`. It names the tenant; each route needs the scope in `x-required-scope`, and `admin` holds them all."
    };

    public static OpenApiSecurityRequirement Requirement(OpenApiDocument document) =>
        new() { [new OpenApiSecuritySchemeReference(SchemeName, document)] = [] };
}
