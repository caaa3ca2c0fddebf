using System.Security.Cryptography;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Recording;

namespace UsageLedger.Auditors;

/// <summary>Lets a database role read the reports of tenants; makes the role if it is not there.</summary>
/// <param name="Tenants">What it sees from now on, beside what it saw before.</param>
/// <param name="NewPassword">Also for an auditor that was entered before: the password may have been lost before anybody saw it.</param>
public sealed record CreateAuditor(string Role, IReadOnlyList<string> Tenants, bool NewPassword = false);

/// <summary>Either the auditor, or why there is none.</summary>
/// <param name="Password">Told this once; null: the role was there and keeps its own.</param>
public sealed record AuditorCreation(string? Password, FieldProblem? Refusal);

/// <inheritdoc cref="CreateAuditor"/>
public static class CreateAuditorHandler
{
    private const int PasswordBytes = 32;

    // Raised by ledger.create_auditor_role and ledger.renew_auditor_password.
    private const string AnotherRole = "LG001";
    private const string NotEntered = "LG002";
    private const string MoreThanAuditor = "LG003";

    private const string CreateRole = "select ledger.create_auditor_role($1, $2)";
    private const string Renew = "select ledger.renew_auditor_password($1, $2)";
    private const string Grant = "select ledger.grant_reports()";

    private const string Insert = """
        insert into ledger.auditors (role_name, tenant_id) select $1, unnest($2) on conflict do nothing
        """;

    /// <param name="administrator">A connection that may make roles; it is used for nothing else.</param>
    public static async Task<AuditorCreation> Handle(
        CreateAuditor command, NpgsqlConnection administrator, NpgsqlDataSource database, CancellationToken ct)
    {
        if (Refuse(command) is { } refusal)
        {
            return new AuditorCreation(null, refusal);
        }

        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));
        try
        {
            var isNew = await AskAsync<bool>(CreateRole, command.Role, password, administrator, ct);
            var renews = !isNew && command.NewPassword;
            if (renews)
            {
                await RenewAsync(command.Role, null, administrator, ct);
            }

            // Before the password changes: whatever fails here leaves the one that is in use.
            await EnterAsync(command, database, ct);
            return isNew || (renews && await RenewAsync(command.Role, password, administrator, ct)) ? new AuditorCreation(password, null)
                : renews ? new AuditorCreation(null, new FieldProblem("/role", "may_not_change_roles", MayNotRenew(command.Role)))
                : new AuditorCreation(null, null);
        }
        catch (PostgresException failure) when (failure.SqlState == AnotherRole)
        {
            return new AuditorCreation(null, new FieldProblem("/role", "role_taken", $"{command.Role} is a role of this server already, and no auditor's; choose another name."));
        }
        catch (PostgresException failure) when (failure.SqlState is NotEntered or MoreThanAuditor)
        {
            return new AuditorCreation(null, new FieldProblem("/role", "not_renewed", NotRenewed(command.Role, failure.SqlState)));
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return new AuditorCreation(null, new FieldProblem("/role", "may_not_create_roles", MissingRight(command.Role)));
        }
    }

    /// <summary>False: the ledger's own role may not; whoever cannot be given a password here has one from an administrator.</summary>
    /// <param name="password">Null: it is only looked whether the role may be given one.</param>
    private static async Task<bool> RenewAsync(string role, string? password, NpgsqlConnection administrator, CancellationToken ct)
    {
        try
        {
            await AskAsync<object>(Renew, role, password, administrator, ct);
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    private static async Task<T> AskAsync<T>(string sql, string role, string? password, NpgsqlConnection administrator, CancellationToken ct)
    {
        await using var ask = new NpgsqlCommand(sql, administrator) { Parameters = { new() { Value = role }, Columns.Of(password) } };
        return (T)(await ask.ExecuteScalarAsync(ct))!;
    }

    private static async Task EnterAsync(CreateAuditor command, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var grant = database.CreateCommand(Grant);
        await grant.ExecuteNonQueryAsync(ct);
        await using var insert = database.CreateCommand(Insert);
        insert.Parameters.Add(new() { Value = command.Role });
        insert.Parameters.Add(new() { Value = command.Tenants.ToArray() });
        await insert.ExecuteNonQueryAsync(ct);
    }

    private static FieldProblem? Refuse(CreateAuditor command) =>
        !AuditorName.IsValid(command.Role) ? new FieldProblem("/role", "invalid_role", $"An auditor's role holds {AuditorName.Rule}.")
        : command.Tenants.Count == 0 || !command.Tenants.All(TenantName.IsValid)
            ? new FieldProblem("/tenants", "invalid_tenant", $"An auditor sees one or more tenants; a tenant's name holds {TenantName.Rule}.")
            : null;

    private static string NotRenewed(string role, string why) => why == NotEntered
        ? $"{role} was no auditor of this ledger before, and nothing was changed. Enter it without --new-password; if nobody knows its password, and it is no other ledger's auditor, repeat this command then."
        : $"{role} is more than an auditor, and nothing was changed: roles belong to the whole server. Let an administrator of it run: alter role {role} password '...';";

    private static string MayNotRenew(string role) =>
        $"{role} sees its tenants, but the ledger's own role may not change roles on this server. Let an administrator of it run: alter role {role} password '...';";

    private static string MissingRight(string role) =>
        $"""
        The ledger's own role may not make roles on this server. Let an administrator of it run

            create role ledger_auditor nologin;
            create role {role} login connection limit 5 password '...' in role ledger_auditor;
            alter role {role} set default_transaction_read_only = on;
            alter role {role} set statement_timeout = '10min';

        (the first line only if that role is not there yet), and repeat this command.
        """;
}
