using Npgsql;
using UsageLedger.Access;

namespace UsageLedger.Host.Demo;

/// <summary>The keys of one run: each may do what its holder needs.</summary>
internal sealed record DemoKeys(KeyCreated Reporter, KeyCreated Office)
{
    public static async Task<DemoKeys> MakeAsync(NpgsqlDataSource database, CancellationToken ct) => new(
        await MakeAsync(database, "demo reporter", ["ingest"], ct),
        await MakeAsync(database, "demo office", ["query", "audit", "admin"], ct));

    /// <summary>Of no use to anybody once the server has stopped for good.</summary>
    public async Task RevokeAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        foreach (var created in (KeyCreated[])[Reporter, Office])
        {
            await RevokeKeyHandler.Handle(new RevokeKey(DemoRun.Tenant, created.Key.Id), database, LedgerServices.Clock, ct);
        }
    }

    private static async Task<KeyCreated> MakeAsync(NpgsqlDataSource database, string name, string[] scopes, CancellationToken ct)
    {
        var creation = await CreateKeyHandler.Handle(new CreateKey(DemoRun.Tenant, scopes, name), database, LedgerServices.Clock, ct);
        return creation.Created ?? throw new DemoFailedException(creation.Refusal!.Message);
    }
}
