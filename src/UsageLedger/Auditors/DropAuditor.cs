using Npgsql;

namespace UsageLedger.Auditors;

/// <summary>Takes every tenant from an auditor, at once. The role itself stays for its administrator: other databases may know it.</summary>
public sealed record DropAuditor(string Role);

/// <inheritdoc cref="DropAuditor"/>
public static class DropAuditorHandler
{
    private const string Delete = "delete from ledger.auditors where role_name = $1";

    /// <returns>Whether it saw anything.</returns>
    public static async Task<bool> Handle(DropAuditor command, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var delete = database.CreateCommand(Delete);
        delete.Parameters.Add(new() { Value = command.Role });
        return await delete.ExecuteNonQueryAsync(ct) > 0;
    }
}
