using System.CommandLine;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger serve</c>: the HTTP server, with its projections, until stopped.</summary>
internal static class ServeVerb
{
    private static readonly Option<string?> UrlsOption = new("--urls") { Description = $"Where to listen; {LedgerSettings.DefaultUrls} unless configured." };

    public static Command Create() => VerbRun.Bind(new Command("serve", "Serve the HTTP interface.") { UrlsOption }, RunAsync);

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        var settings = run.Settings with { Urls = run.Arguments.GetValue(UrlsOption) ?? run.Settings.Urls };
        ListenAddresses.Refuse(settings.Urls);
        await using var database = await LedgerDatabase.OpenMigratedAsync(settings, "ledger serve", run.Logs, ct);
        await LedgerKeys.RefuseSecondMasterAsync(settings, database.Source, ct);
        await using var app = LedgerApp.Build(settings, database.Source, run.Logger);
        await app.StartAsync(ct);
        Console.WriteLine($"The ledger listens on {string.Join(", ", app.Urls)}");
        await app.WaitForShutdownAsync(ct);
        return HasFailed(app.Services) ? 1 : 0;
    }

    /// <summary>A service of the server that fails stops it, and that is no good end.</summary>
    private static bool HasFailed(IServiceProvider services) =>
        services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });
}
