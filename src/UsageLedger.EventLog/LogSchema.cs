using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.EventLog;

/// <summary>Brings the database to the schema of this program: numbered SQL files, each applied once, in order, under one lock.</summary>
public static class LogSchema
{
    private const long MigrationLock = 0x6c65646765720001;

    private const string Prepare = """
        create schema if not exists ledger;
        create table if not exists ledger.schema_migrations (
            number     integer     primary key,
            name       text        not null,
            checksum   text        not null,
            applied_at timestamptz not null default now());
        """;

    private const string TakeLock = "select pg_advisory_xact_lock($1)";
    private const string SelectApplied = "select number, name, checksum from ledger.schema_migrations order by number";
    private const string InsertApplied = "insert into ledger.schema_migrations (number, name, checksum) values ($1, $2, $3)";
    private const string SchemaExists = "select to_regclass('ledger.schema_migrations') is not null";

    /// <inheritdoc cref="MigrateAsync(NpgsqlDataSource, IReadOnlyList{Assembly}, Action{string}?, CancellationToken)"/>
    public static Task<IReadOnlyList<string>> MigrateAsync(NpgsqlDataSource database, IReadOnlyList<Assembly> assemblies, CancellationToken ct) =>
        MigrateAsync(database, assemblies, null, ct);

    /// <summary>Applies what is missing, all of it or nothing.</summary>
    /// <param name="assemblies">Those that embed <c>Schema/NNNN_name.sql</c> files, the log's own included.</param>
    /// <param name="waiting">Told whom it waits for, where another session holds tables.</param>
    /// <returns>The names of the files applied.</returns>
    /// <exception cref="SchemaMismatchException">A file that was applied has changed since, or the database is newer than this program.</exception>
    /// <exception cref="TablesHeldException">Other sessions held tables that are to be changed at every try, for most of an hour or longer.</exception>
    /// <exception cref="ServersRunningException">Something is missing, and a server runs on the database that does not know it.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        NpgsqlDataSource database, IReadOnlyList<Assembly> assemblies, Action<string>? waiting, CancellationToken ct)
    {
        var files = Files(assemblies);
        return await HeldTables.ChangeAsync(database, () => ApplyMissingAsync(database, files, ct), waiting, ct);
    }

    private static async Task<IReadOnlyList<string>> ApplyMissingAsync(NpgsqlDataSource database, List<SchemaFile> files, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var takeLock = new NpgsqlCommand(TakeLock, connection, transaction) { CommandTimeout = 0, Parameters = { new() { Value = MigrationLock } } })
        {
            await takeLock.ExecuteNonQueryAsync(ct);
        }

        await using (var prepare = new NpgsqlCommand(Prepare, connection, transaction))
        {
            await prepare.ExecuteNonQueryAsync(ct);
        }

        var applied = await AppliedAsync(connection, ct);
        RefuseForeign(files, applied);
        var news = files.Where(file => !applied.ContainsKey(file.Number)).ToList();
        if (applied.Count > 0 && news.Count > 0)
        {
            await ProjectionOwners.ReplaceAsync(connection, ct);
        }

        await HeldTables.LimitWaitAsync(connection, ct);
        foreach (var file in news)
        {
            await ApplyAsync(connection, transaction, file, ct);
        }

        await transaction.CommitAsync(ct);
        return news.ConvertAll(file => file.Name);
    }

    /// <summary>Whether every file of this program has been applied to the database; reads only.</summary>
    public static async Task<bool> IsCurrentAsync(NpgsqlDataSource database, IReadOnlyList<Assembly> assemblies, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var exists = new NpgsqlCommand(SchemaExists, connection);
        if (await exists.ExecuteScalarAsync(ct) is not true)
        {
            return false;
        }

        var files = Files(assemblies);
        var applied = await AppliedAsync(connection, ct);
        RefuseForeign(files, applied);
        return files.All(file => applied.ContainsKey(file.Number));
    }

    /// <summary>The numbers of the files of these assemblies and of the log's own.</summary>
    public static IReadOnlyList<int> Numbers(IReadOnlyList<Assembly> assemblies) => Files(assemblies).ConvertAll(file => file.Number);

    private static async Task ApplyAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, SchemaFile file, CancellationToken ct)
    {
        await using (var apply = new NpgsqlCommand(file.Sql, connection, transaction) { CommandTimeout = 0 })
        {
            await apply.ExecuteNonQueryAsync(ct);
        }

        await using var note = new NpgsqlCommand(InsertApplied, connection, transaction)
        {
            Parameters = { new() { Value = file.Number }, new() { Value = file.Name }, new() { Value = file.Checksum } },
        };
        await note.ExecuteNonQueryAsync(ct);
    }

    private static void RefuseForeign(List<SchemaFile> files, Dictionary<int, (string Name, string Checksum)> applied)
    {
        var known = files.ToDictionary(file => file.Number);
        foreach (var (number, (name, checksum)) in applied)
        {
            if (!known.TryGetValue(number, out var file))
            {
                throw new SchemaMismatchException($"The database has schema file {name}, which this program does not know: it is older than the database. Run the newer program.");
            }

            if (file.Checksum != checksum)
            {
                throw new SchemaMismatchException($"Schema file {file.Name} was changed after it had been applied to this database. Restore it and put the change into a new file.");
            }
        }
    }

    private static async Task<Dictionary<int, (string Name, string Checksum)>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectApplied, connection);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var applied = new Dictionary<int, (string, string)>();
        while (await reader.ReadAsync(ct))
        {
            applied.Add(reader.GetInt32(0), (reader.GetString(1), reader.GetString(2)));
        }

        return applied;
    }

    private static List<SchemaFile> Files(IReadOnlyList<Assembly> assemblies)
    {
        const string folder = ".Schema.";
        return [.. assemblies.Append(typeof(LogSchema).Assembly).Distinct()
            .SelectMany(assembly => assembly.GetManifestResourceNames()
                .Where(name => name.Contains(folder, StringComparison.Ordinal))
                .Select(name => Read(assembly, name, name[(name.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..])))
            .OrderBy(file => file.Number)];
    }

    private static SchemaFile Read(Assembly assembly, string resource, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
        return new SchemaFile(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, sql, checksum);
    }

    private sealed record SchemaFile(int Number, string Name, string Sql, string Checksum);
}
