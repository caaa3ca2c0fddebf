using System.Diagnostics;
using Npgsql;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Which host owns which projections, and how long others take to go on with them.</summary>
internal static class OwnedByHost
{
    private const string SelectOwned = """
        select p.name from pg_locks l
        join pg_stat_activity a on a.pid = l.pid
        join ledger.projections p on hashtext(p.name) = l.objid::bigint::bit(32)::int
        where l.locktype = 'advisory' and l.classid = 4711 and l.granted and a.datname = current_database() and a.application_name = $1
        """;

    private const string AreTakenOver = """
        select count(*) = cardinality($1::text[]) from ledger.projections p
        where p.name = any($1) and p.position >= $2 and exists (
            select from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.classid = 4711 and l.granted and l.objid::bigint::bit(32)::int = hashtext(p.name)
              and a.datname = current_database() and a.application_name <> $3)
        """;

    private static readonly TimeSpan TakeoverMax = TimeSpan.FromSeconds(60);

    /// <summary>kill -9 of the host that owns most, and the seconds until others own all of that and have brought it to where the log was then.</summary>
    public static async Task<(int Host, int Projections, double Seconds)> KillAsync(NpgsqlDataSource database, HostGroup hosts)
    {
        var owned = new List<string[]>();
        for (var host = 0; host < hosts.Count; host++)
            owned.Add(await OwnedAsync(database, HostGroup.Name(host)));
        var owner = owned.IndexOf(owned.MaxBy(names => names.Length)!);
        owned[owner].ShouldNotBeEmpty();
        var head = await HeadAsync(database);
        hosts.Kill(owner);
        var waited = Stopwatch.StartNew();
        while (!await AreTakenOverAsync(database, owned[owner], head, HostGroup.Name(owner)))
        {
            waited.Elapsed.ShouldBeLessThan(TakeoverMax, $"nobody takes over {string.Join(", ", owned[owner])}");
            await Task.Delay(20);
        }

        return (owner, owned[owner].Length, waited.Elapsed.TotalSeconds);
    }

    private static async Task<string[]> OwnedAsync(NpgsqlDataSource database, string name)
    {
        await using var command = database.CreateCommand(SelectOwned);
        command.Parameters.Add(new() { Value = name });
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
            names.Add(reader.GetString(0));
        return [.. names];
    }

    private static async Task<bool> AreTakenOverAsync(NpgsqlDataSource database, string[] names, long head, string killed)
    {
        await using var command = database.CreateCommand(AreTakenOver);
        command.Parameters.Add(new() { Value = names });
        command.Parameters.Add(new() { Value = head });
        command.Parameters.Add(new() { Value = killed });
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<long> HeadAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select position from ledger.log_head");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
