using System.CommandLine;
using Npgsql;
using UsageLedger.Host.Demo;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger demo</c>: a month collected from simulated vendors and taken through the whole ledger, over HTTP; every figure shown is the ledger's.</summary>
internal static class DemoVerb
{
    private static readonly Option<bool> ExitOption = new("--exit") { Description = "Stop when all is shown, instead of serving until Ctrl-C." };
    private static readonly Option<string?> UrlsOption = new("--urls") { Description = $"Where to listen; {LedgerSettings.DefaultUrls} unless taken." };

    private const string HasOthers = "select exists (select from ledger.mt_streams where tenant_id <> 'demo')";

    public static Command Create() => VerbRun.Bind(
        new Command("demo", "See a month collected from simulated vendors, reported, closed, proven.") { ExitOption, UrlsOption }, RunAsync);

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        if (run.Json)
        {
            throw new SettingsException("The demo is for reading; it has no --json.");
        }

        var stays = !run.Arguments.GetValue(ExitOption);
        var settings = run.Settings with { Urls = DemoAddress.Choose(run.Arguments.GetValue(UrlsOption), stays), AllowLoopbackSources = true };
        ListenAddresses.Refuse(settings.Urls);
        await using var database = await LedgerDatabase.OpenMigratedAsync(settings, "ledger demo", run.Logs, ct);
        await RefuseOthersAsync(settings, database.Source, ct);
        await using var app = LedgerApp.Build(settings, database.Source, run.Logger);
        await app.StartAsync(ct);
        var month = DemoMonth.Before(LedgerServices.Clock.GetCurrentInstant());
        await using var vendors = await DemoVendors.StartAsync(month, ct);
        try
        {
            await ShowAsync(settings, database, app, vendors, month, stays, ct);
        }
        catch (DemoFailedException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            await app.StopAsync(CancellationToken.None);
            return 1;
        }

        await (stays ? app.WaitForShutdownAsync(ct) : app.StopAsync(ct));
        return 0;
    }

    private static async Task ShowAsync(
        LedgerSettings settings, LedgerDatabase database, WebApplication app, DemoVendors vendors, DemoMonth month, bool stays, CancellationToken ct)
    {
        var server = DemoAddress.Reach(app.Urls);
        var keys = await DemoKeys.MakeAsync(database.Source, ct);
        using var reporter = new DemoHttp(server, keys.Reporter.Secret);
        using var office = new DemoHttp(server, keys.Office.Secret);
        var page = new DemoPage(Output.Console);
        Console.WriteLine($"UsageLedger at {server.GetLeftPart(UriPartial.Authority)} and simulated vendors in {month.Name}");
        Console.WriteLine(settings.ConnectionString is null
            ? $"PostgreSQL runs privately; it and the keys are kept in {Path.GetFullPath(settings.DataDir)}"
            : "The database is the one of ConnectionStrings__Ledger");
        var run = new DemoRun(settings, database.Source, server, reporter, office, month, vendors, page, app.Services);
        await DemoStory.TellAsync(run, database.ConnectionString, ct);
        if (stays)
        {
            DemoStory.Invite(run, keys);
            return;
        }

        await keys.RevokeAsync(database.Source, ct);
        Console.WriteLine();
        Console.WriteLine("All of it held. Without --exit the demo goes on serving, with a key to try.");
    }

    /// <summary>What is recorded stays for ever, so made-up usage keeps out of a database that others use.</summary>
    private static async Task RefuseOthersAsync(LedgerSettings settings, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var others = database.CreateCommand(HasOthers);
        if (settings.ConnectionString is not null && await others.ExecuteScalarAsync(ct) is true)
        {
            throw new SettingsException(
                "The database of ConnectionStrings__Ledger holds other tenants' usage, and the demo would leave made-up usage in it for ever. "
                + "Unset it, or name an empty database.");
        }
    }
}
