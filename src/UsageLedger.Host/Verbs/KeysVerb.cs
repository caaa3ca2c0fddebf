using System.CommandLine;
using NodaTime;
using UsageLedger.Access;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger keys create|list|revoke</c>.</summary>
internal static class KeysVerb
{
    private static readonly Option<string> TenantOption = new("--tenant") { Required = true, Description = "Whose key: a-z, 0-9 and -." };
    private static readonly Option<string> ScopesOption = new("--scopes") { Required = true, Description = "What for: ingest, query, collect, audit, admin, separated by commas." };
    private static readonly Option<string> NameOption = new("--name") { DefaultValueFactory = _ => "", Description = "What to call it." };
    private static readonly Option<string?> ExpiresOption = new("--expires") { Description = "When it ends, such as 2027-01-01T00:00:00Z; never unless given." };
    private static readonly Argument<string> IdArgument = new("id") { Description = "The key's id, as list shows it." };

    public static Command Create() => new("keys", "The API keys of a tenant.")
    {
        VerbRun.Bind(new Command("create", "Make a key; it is shown this once.") { TenantOption, ScopesOption, NameOption, ExpiresOption }, CreateAsync),
        VerbRun.Bind(new Command("list", "Show a tenant's keys.") { TenantOption }, ListAsync),
        VerbRun.Bind(new Command("revoke", "End a key's life.") { IdArgument, TenantOption }, RevokeAsync),
    };

    private static async Task<int> CreateAsync(VerbRun run, CancellationToken ct)
    {
        var tenant = run.Arguments.GetRequiredValue(TenantOption);
        var command = new CreateKey(
            tenant, run.Arguments.GetRequiredValue(ScopesOption).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            run.Arguments.GetRequiredValue(NameOption), run.Instant(ExpiresOption));
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger keys", run.Logs, ct);
        var (created, refusal) = await CreateKeyHandler.Handle(command, database.Source, LedgerServices.Clock, ct);
        if (created is null)
        {
            throw new SettingsException(refusal!.Message);
        }

        if (created.TenantIsNew)
        {
            await Console.Error.WriteLineAsync($"{tenant} is a new tenant.");
        }

        if (run.Json)
        {
            Output.Json(new { id = created.Key.Id, tenant, scopes = created.Key.Scopes.Names, key = created.Secret });
        }
        else
        {
            Console.WriteLine(created.Secret);
        }

        return 0;
    }

    private static async Task<int> ListAsync(VerbRun run, CancellationToken ct)
    {
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger keys", run.Logs, ct);
        var keys = await ListKeysHandler.Handle(new ListKeys(run.Arguments.GetRequiredValue(TenantOption)), database.Source, ct);
        if (run.Json)
        {
            Output.Json(new { keys = keys.Select(Shown) });
            return 0;
        }

        foreach (var key in keys)
        {
            Console.WriteLine($"{key.Id} {key.Name}: {string.Join(',', key.Scopes.Names)}");
            Console.WriteLine($"    made {key.CreatedAt}{When("expires", key.ExpiresAt)}{When("revoked", key.RevokedAt)}{When("last used", key.LastUsedAt)}");
        }

        return 0;
    }

    private static async Task<int> RevokeAsync(VerbRun run, CancellationToken ct)
    {
        if (!Guid.TryParse(run.Arguments.GetRequiredValue(IdArgument), out var id))
        {
            throw new SettingsException("The key's id is the one that 'keys list' shows, not the key.");
        }

        var tenant = run.Arguments.GetRequiredValue(TenantOption);
        await using var database = await LedgerDatabase.OpenMigratedAsync(run.Settings, "ledger keys", run.Logs, ct);
        if (await RevokeKeyHandler.Handle(new RevokeKey(tenant, id), database.Source, LedgerServices.Clock, ct) is not { } revoked)
        {
            await Console.Error.WriteLineAsync($"{tenant} has no key {id}.");
            return 1;
        }

        if (run.Json)
        {
            Output.Json(Shown(revoked));
        }
        else
        {
            Console.WriteLine($"{id} is refused from now on; a running server may take it for five seconds more.");
        }

        return 0;
    }

    private static object Shown(ApiKey key) =>
        new { key.Id, key.Tenant, key.Name, scopes = key.Scopes.Names, key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.LastUsedAt };

    private static string When(string what, Instant? at) => at is null ? "" : $", {what} {at}";
}
