using System.CommandLine;
using Npgsql;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger credentials rotate-master</c>.</summary>
internal static class CredentialsVerb
{
    private static readonly Option<string> NewKeyFileOption = new("--new-key-file")
    {
        Required = true,
        Description = "The new master key: 32 bytes in base64, the owner's alone; made if there is none.",
    };

    public static Command Create() => new("credentials", "The vendors' credentials, which nothing reads back.")
    {
        VerbRun.Bind(
            new Command("rotate-master", "Seal everything under a new master key, while hosts run. Cut off, run it again.") { NewKeyFileOption }, RotateAsync),
    };

    private static async Task<int> RotateAsync(VerbRun run, CancellationToken ct)
    {
        var file = run.Arguments.GetRequiredValue(NewKeyFileOption);
        await using var tools = await LedgerTools.OpenAsync(run.Settings, "ledger credentials", run.Logger, run.Logs, ct);
        var masters = tools.Get<MasterKeys>();
        var rotated = await RotateMasterKeyHandler.Handle(
            new RotateMasterKey(file, run.Settings.SigningKeyFile), masters, tools.Get<LogAppender>(), tools.Get<NpgsqlDataSource>(), ct);
        if (run.Json)
        {
            Output.Json(new { rotated.MasterKeyId, rotated.Credentials, rotated.Keys, masters.PreviousFile });
        }
        else
        {
            Console.WriteLine($"The master key is {rotated.MasterKeyId} now: {rotated.Credentials} credentials and {rotated.Keys} keys were sealed under it.");
            Console.WriteLine($"The one before is in {masters.PreviousFile}; keep it as long as backups from before are, elsewhere than they.");
        }

        return 0;
    }
}
