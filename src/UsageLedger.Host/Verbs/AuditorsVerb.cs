using System.CommandLine;
using Npgsql;
using UsageLedger.Auditors;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger auditors create|list|drop</c>.</summary>
internal static class AuditorsVerb
{
    private static readonly Argument<string> RoleArgument = new("role") { Description = "The database role." };
    private static readonly Option<string[]> TenantOption = new("--tenant") { Required = true, Description = "Whose reports it reads; may be given more than once." };

    private static readonly Option<bool> NewPasswordOption = new("--new-password") { Description = "Give an auditor that was entered before another password." };

    public static Command Create() => new("auditors", "Who reads reports by SQL.")
    {
        VerbRun.Bind(new Command("create", "Make a role that reads the reports of tenants; its password is shown this once.") { RoleArgument, TenantOption, NewPasswordOption }, CreateAsync),
        VerbRun.Bind(new Command("list", "Show who reads which tenants."), ListAsync),
        VerbRun.Bind(new Command("drop", "Take every tenant from a role.") { RoleArgument }, DropAsync),
    };

    private static async Task<int> CreateAsync(VerbRun run, CancellationToken ct)
    {
        var command = new CreateAuditor(
            run.Arguments.GetRequiredValue(RoleArgument), run.Arguments.GetRequiredValue(TenantOption), run.Arguments.GetValue(NewPasswordOption));
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger auditors", run.Logs, ct);
        await using var administrator = await database.OpenAdministratorAsync(ct);
        var (password, refusal) = await CreateAuditorHandler.Handle(command, administrator, database.Source, ct);
        if (refusal is not null)
        {
            throw new SettingsException(refusal.Message);
        }

        var place = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        if (run.Json)
        {
            Output.Json(new { role = command.Role, tenants = command.Tenants, place.Host, place.Port, place.Database, password });
            return 0;
        }

        await Console.Error.WriteLineAsync($"psql \"host={place.Host} port={place.Port} dbname={place.Database} user={command.Role}\"");
        if (password is null)
        {
            await Console.Error.WriteLineAsync($"{command.Role} was there and keeps its password; if nobody knows it and it is this ledger's alone, --new-password gives it another.");
        }
        else
        {
            Console.WriteLine(password);
        }

        return 0;
    }

    private static async Task<int> ListAsync(VerbRun run, CancellationToken ct)
    {
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger auditors", run.Logs, ct);
        var auditors = await ListAuditorsHandler.Handle(database.Source, ct);
        if (run.Json)
        {
            Output.Json(new { auditors });
            return 0;
        }

        foreach (var auditor in auditors)
        {
            Console.WriteLine($"{auditor.Role}: {string.Join(',', auditor.Tenants)}");
        }

        return 0;
    }

    private static async Task<int> DropAsync(VerbRun run, CancellationToken ct)
    {
        var role = run.Arguments.GetRequiredValue(RoleArgument);
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger auditors", run.Logs, ct);
        if (!await DropAuditorHandler.Handle(new DropAuditor(role), database.Source, ct))
        {
            await Console.Error.WriteLineAsync($"{role} is no auditor.");
            return 1;
        }

        if (run.Json)
        {
            Output.Json(new { role });
        }
        else
        {
            Console.WriteLine($"{role} sees nothing from now on. The role is left on the server: 'drop role {role}' ends it.");
        }

        return 0;
    }
}
