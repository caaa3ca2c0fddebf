using NodaTime;
using Npgsql;
using UsageLedger.Recording;

namespace UsageLedger.Access;

/// <summary>Makes a key for a tenant, and thereby the tenant if it has none yet.</summary>
/// <param name="Scopes">Names such as <c>ingest</c>.</param>
/// <param name="ExpiresAt">From then on the key is refused; null: never.</param>
public sealed record CreateKey(string Tenant, IReadOnlyList<string> Scopes, string Name = "", Instant? ExpiresAt = null);

/// <summary>The one time that the key's secret is told.</summary>
/// <param name="Secret">What the caller sends; it is kept nowhere.</param>
/// <param name="TenantIsNew">The tenant had no key before.</param>
public sealed record KeyCreated(ApiKey Key, string Secret, bool TenantIsNew);

/// <summary>Either the key, or why there is none.</summary>
public sealed record KeyCreation(KeyCreated? Created, FieldProblem? Refusal);

/// <inheritdoc cref="CreateKey"/>
public static class CreateKeyHandler
{
    public const int NameMax = 100;

    private const string Insert = """
        insert into ledger.api_keys (id, tenant, name, hash, scopes, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        returning not exists (select from ledger.api_keys where tenant = $2)
        """;

    public static async Task<KeyCreation> Handle(CreateKey command, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        var scopes = Scopes.Read(command.Scopes, out var unknown);
        if (Refuse(command, unknown) is { } refusal)
        {
            return new KeyCreation(null, refusal);
        }

        var secret = KeySecret.New();
        var key = new ApiKey(Guid.NewGuid(), command.Tenant, command.Name, scopes, clock.GetCurrentInstant(), command.ExpiresAt, null, null);
        await using var insert = database.CreateCommand(Insert);
        insert.Parameters.Add(new() { Value = key.Id });
        insert.Parameters.Add(new() { Value = key.Tenant });
        insert.Parameters.Add(new() { Value = key.Name });
        insert.Parameters.Add(new() { Value = KeySecret.Hash(secret) });
        insert.Parameters.Add(new() { Value = scopes.Names.ToArray() });
        insert.Parameters.Add(new() { Value = key.CreatedAt.ToDateTimeUtc() });
        insert.Parameters.Add(new() { Value = key.ExpiresAt is { } end ? end.ToDateTimeUtc() : DBNull.Value });
        var tenantIsNew = await insert.ExecuteScalarAsync(ct) is true;
        return new KeyCreation(new KeyCreated(key, secret, tenantIsNew), null);
    }

    private static FieldProblem? Refuse(CreateKey command, string? unknownScope) =>
        !TenantName.IsValid(command.Tenant)
            ? new FieldProblem("/tenant", "invalid_tenant", $"A tenant's name holds {TenantName.Rule}.")
        : command.Scopes.Count == 0 || unknownScope is not null
            ? new FieldProblem("/scopes", "unknown_scope", "Scopes are one or more of ingest, query, collect, audit, admin.")
        : command.Name.Length > NameMax || command.Name.Any(char.IsControl)
            ? new FieldProblem("/name", "invalid_name", $"A key's name holds up to {NameMax} characters, none of them control characters.")
            : null;
}
