using Npgsql;

namespace UsageLedger.Attributing;

/// <summary>How far a stream of unattributed usage was held against the mappings.</summary>
/// <param name="StreamVersion">Where the stream ended when this was read.</param>
/// <param name="Mappings">The version of the mappings when the pass began; null: there was none yet.</param>
/// <param name="Version">Up to where the pass has come.</param>
internal sealed record ReattributionPlace(string Stream, long StreamVersion, long? Mappings, long Version)
{
    private const string SelectBehind = """
        select s.id, s.version, r.mappings, coalesce(r.version, 0)
        from ledger.mt_streams s
        left join ledger.reattributions r on r.tenant_id = s.tenant_id and r.stream_id = s.id
        where s.tenant_id = $1 and s.id > 'unattributed-' and s.id < 'unattributee' and s.id like 'unattributed-%'
          and (r.mappings is null or r.mappings < $2 or r.version < s.version)
        order by s.id limit $3
        """;

    private const string Move = """
        insert into ledger.reattributions as r (tenant_id, stream_id, mappings, version) values ($1, $2, $5, $6)
        on conflict (tenant_id, stream_id) do update set mappings = excluded.mappings, version = excluded.version
        where r.mappings = $3 and r.version = $4
        """;

    /// <summary>The streams that have grown, or that newer mappings have not seen.</summary>
    public static async Task<IReadOnlyList<ReattributionPlace>> BehindAsync(
        NpgsqlDataSource database, string tenant, long mappings, int countMax, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectBehind);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = mappings });
        select.Parameters.Add(new() { Value = countMax });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var places = new List<ReattributionPlace>();
        while (await reader.ReadAsync(ct))
        {
            places.Add(new ReattributionPlace(
                reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2), reader.GetInt64(3)));
        }

        return places;
    }

    /// <summary>Where the next page begins: a pass is ended before newer mappings begin another, so that they cannot keep it from ever ending.</summary>
    public ReattributionPlace Begin(long mappings) =>
        Mappings is null || (Version >= StreamVersion && Mappings < mappings) ? this with { Mappings = mappings, Version = 0 } : this;

    /// <returns>False when another process moved it meanwhile.</returns>
    public async Task<bool> MoveAsync(NpgsqlDataSource database, string tenant, ReattributionPlace to, CancellationToken ct)
    {
        await using var move = database.CreateCommand(Move);
        move.Parameters.Add(new() { Value = tenant });
        move.Parameters.Add(new() { Value = Stream });
        move.Parameters.Add(new() { Value = Mappings ?? -1 });
        move.Parameters.Add(new() { Value = Version });
        move.Parameters.Add(new() { Value = to.Mappings ?? -1 });
        move.Parameters.Add(new() { Value = to.Version });
        return await move.ExecuteNonQueryAsync(ct) > 0;
    }
}
