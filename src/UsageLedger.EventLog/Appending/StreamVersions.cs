using System.Runtime.InteropServices;
using Npgsql;

namespace UsageLedger.EventLog.Appending;

/// <summary>The versions of the streams in use, remembered as long as nobody else appends.</summary>
internal sealed class StreamVersions
{
    private const int RememberedMax = 50_000;

    private const string Select = """
        select k.tenant_id, k.id, s.version
        from unnest($1::varchar[], $2::varchar[]) as k (tenant_id, id)
        join ledger.mt_streams s on s.tenant_id = k.tenant_id and s.id = k.id
        """;

    private readonly Dictionary<(string Tenant, string Stream), long> versions = [];
    private readonly HashSet<(string Tenant, string Stream)> touched = [];
    private readonly List<(string Tenant, string Stream)> missed = [];

    public long this[string tenant, string stream] => versions[(tenant, stream)];

    /// <summary>The streams appended to since <see cref="Begin"/>.</summary>
    public IReadOnlyCollection<(string Tenant, string Stream)> Touched => touched;

    /// <summary>Streams appended to since <see cref="Begin"/> that nobody had named to <see cref="LoadAsync"/>: their versions were guessed.</summary>
    public IReadOnlyList<(string Tenant, string Stream)> Missed => missed;

    public void Begin()
    {
        touched.Clear();
        missed.Clear();
        if (versions.Count > RememberedMax)
        {
            versions.Clear();
        }
    }

    public void Forget() => versions.Clear();

    public long Next(string tenant, string stream)
    {
        touched.Add((tenant, stream));
        ref var version = ref CollectionsMarshal.GetValueRefOrAddDefault(versions, (tenant, stream), out var loaded);
        if (!loaded)
        {
            missed.Add((tenant, stream));
        }

        return ++version;
    }

    /// <summary>Makes sure that the version of each of these streams is known; a stream that does not exist has version 0.</summary>
    public async Task LoadAsync(NpgsqlConnection connection, IEnumerable<(string Tenant, string Stream)> wanted)
    {
        var missing = wanted.Where(key => !versions.ContainsKey(key)).Distinct().ToList();
        if (missing.Count == 0)
        {
            return;
        }

        missing.ForEach(key => versions[key] = 0);
        await using var select = new NpgsqlCommand(Select, connection)
        {
            Parameters =
            {
                new() { Value = missing.ConvertAll(key => key.Tenant).ToArray() },
                new() { Value = missing.ConvertAll(key => key.Stream).ToArray() },
            },
        };
        await using var reader = await select.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            versions[(reader.GetString(0), reader.GetString(1))] = reader.GetInt64(2);
        }
    }
}
