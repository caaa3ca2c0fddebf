using Microsoft.OpenApi;
using UsageLedger.Access;
using UsageLedger.Answering;

namespace UsageLedger.Host.OpenApi;

/// <summary>Describes every route at <c>/openapi/v1.json</c>.</summary>
public static class OpenApiSetup
{
    public const string Path = "/openapi/v1.json";

    /// <summary>It is written anew each time, for whoever asks.</summary>
    private const int AtOnceMax = 8;

    public static IServiceCollection AddLedgerOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;

        // The routes themselves say more than what can be guessed from their handlers.
        options.ShouldInclude = _ => false;
        options.AddDocumentTransformer<LedgerDocument>();
    });

    public static void MapLedgerOpenApi(this WebApplication app) => app.MapOpenApi(Path)
        .WithSummary("This description of all routes.")
        .WithExample(null, """{"openapi":"3.1.1","info":{"title":"UsageLedger","version":"1"},"paths":{}}""")
        .AllowWithoutKey()
        .AtOnce(AtOnceMax)
        .WithoutMinPosition();
}
