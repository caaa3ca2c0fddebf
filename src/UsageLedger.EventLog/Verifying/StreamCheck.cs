using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Npgsql;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Every stream's versions rise one by one, and its row in mt_streams says how many there are and from when they are.</summary>
/// <remarks>Remembers a few numbers for each stream.</remarks>
internal sealed class StreamCheck(DamageReport report)
{
    private const string Select = """
        select tenant_id, id, version, is_archived is false and type is null, created, timestamp from ledger.mt_streams
        """;

    private const int RecentMax = 1_024;

    private readonly Dictionary<(string Tenant, string Stream), int> numbers = [];
    private readonly (string Tenant, string Stream, int Number)[] recent = new (string, string, int)[RecentMax];
    private readonly List<Streamed> streams = [];

    /// <summary>The number that the stream has here.</summary>
    public int NumberOf(string tenant, string stream)
    {
        // The same few names come as the same strings, so that hardly any needs to be looked up letter by letter.
        ref var place = ref recent[(uint)RuntimeHelpers.GetHashCode(stream) % RecentMax];
        if (!ReferenceEquals(place.Stream, stream) || !ReferenceEquals(place.Tenant, tenant))
        {
            place = (tenant, stream, Find(tenant, stream));
        }

        return place.Number;
    }

    /// <summary>A row that is what was appended.</summary>
    public void Took(in RowFacts row, long position)
    {
        ref var stream = ref CollectionsMarshal.AsSpan(streams)[row.Stream];
        if (row.Version <= stream.Version)
        {
            report.Add(position, DamageKind.StreamChanged, $"version {row.Version} of its stream follows version {stream.Version}");
        }

        stream = new Streamed(
            stream.Events + 1, Math.Max(stream.Version, row.Version), position,
            stream.Events == 0 ? row.RecordedMicros : stream.FirstMicros, row.RecordedMicros);
    }

    /// <summary>Compares with the rows of mt_streams.</summary>
    /// <param name="damagedRows">As many events as are not what was appended: so many are missing here too.</param>
    public async Task CheckAsync(NpgsqlConnection connection, long damagedRows, CancellationToken ct)
    {
        var shortOf = new List<(long Position, string Detail)>();
        var missing = 0L;
        await using (var select = new NpgsqlCommand(Select, connection) { CommandTimeout = 0 })
        await using (var reader = await select.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                var (tenant, id) = (reader.GetString(0), reader.GetString(1));
                var stream = numbers.Remove((tenant, id), out var number) ? streams[number] : default;
                var detail = $"the row of stream {id} of {tenant} does not agree with its {stream.Events} events";
                if (!reader.IsDBNull(2) && reader.GetInt64(2) > stream.Events && reader.GetBoolean(3))
                {
                    shortOf.Add((stream.Position, detail));
                    missing += reader.GetInt64(2) - stream.Events;
                }
                else if (!Agrees(reader, stream))
                {
                    report.Add(stream.Position, DamageKind.StreamChanged, detail);
                }
            }
        }

        if (missing > damagedRows)
        {
            shortOf.ForEach(one => report.Add(one.Position, DamageKind.StreamChanged, one.Detail));
        }

        ReportRowless();
    }

    private int Find(string tenant, string stream)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, (tenant, stream), out var known);
        if (!known)
        {
            number = streams.Count;
            streams.Add(default);
        }

        return number;
    }

    private static bool Agrees(NpgsqlDataReader reader, in Streamed stream) =>
        !reader.IsDBNull(2) && reader.GetInt64(2) == stream.Events && stream.Events > 0 && stream.Version == stream.Events && reader.GetBoolean(3)
        && Micros(reader, 4) == stream.FirstMicros && Micros(reader, 5) == stream.LastMicros;

    private static long? Micros(NpgsqlDataReader reader, int field) =>
        reader.IsDBNull(field) ? null : (reader.GetDateTime(field) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private void ReportRowless()
    {
        foreach (var (key, number) in numbers)
        {
            if (streams[number].Events > 0)
            {
                report.Add(streams[number].Position, DamageKind.StreamChanged, $"stream {key.Stream} of {key.Tenant} has events and no row");
            }
        }
    }

    private readonly record struct Streamed(long Events, long Version, long Position, long FirstMicros, long LastMicros);
}
