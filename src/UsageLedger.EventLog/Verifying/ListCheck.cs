using Npgsql;

namespace UsageLedger.EventLog.Verifying;

/// <summary>The log's own lists, of the rarer types and of what events are about, name just the events that they should.</summary>
internal sealed class ListCheck(VerifyOptions options, DamageReport report) : IAsyncDisposable
{
    private const string Select = """
        select seq_id, type, null::uuid from ledger.log_types
        union all
        select seq_id, null, subject from ledger.log_subjects
        order by 1
        """;

    private NpgsqlCommand? select;
    private NpgsqlDataReader? reader;
    private Entry? next;

    // Most events are of the type of the one before.
    private string? lastType;
    private bool lastNamed;

    /// <summary>Begins to read the lists, in order of positions, beside the rows.</summary>
    public async Task BeginAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        select = new NpgsqlCommand(Select, connection) { CommandTimeout = 0 };
        reader = await select.ExecuteReaderAsync(ct);
        await MoveAsync(ct);
    }

    /// <summary>Whether a list should name events of this type.</summary>
    public bool Names(string type)
    {
        if (!ReferenceEquals(type, lastType))
        {
            (lastType, lastNamed) = (type, !options.BulkTypes.Contains(type) || options.SubjectTypes.Contains(type));
        }

        return lastNamed;
    }

    /// <summary>Compares the entries of one tile's positions with its good rows; of the others nothing can be said.</summary>
    public async ValueTask CheckAsync(TileRows rows, long first, int width, CancellationToken ct)
    {
        if (rows.Listed.Count == 0 && !(next?.Position <= first + width))
        {
            return;
        }

        var entries = await TakeAsync(first + width, ct);
        foreach (var stray in entries.Where(entry => entry.Position <= first))
        {
            Report(stray.Position);
        }

        var named = entries.ToLookup(entry => entry.Position);
        var expected = rows.Listed.ToLookup(row => row.Stored.Position, row => row.Stored);
        for (var place = 0; place < width; place++)
        {
            var position = first + place + 1;
            if (rows.IsGood(place) && !IsNamedRight(expected[position].FirstOrDefault(), [.. named[position]]))
            {
                Report(position);
            }
        }
    }

    /// <summary>What is left in the lists when the log has ended.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        for (; next is { } stray; await MoveAsync(ct))
        {
            Report(stray.Position);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (reader is not null)
        {
            await reader.DisposeAsync();
        }

        if (select is not null)
        {
            await select.DisposeAsync();
        }
    }

    private bool IsNamedRight(StoredEvent? stored, Entry[] entries)
    {
        var types = Array.FindAll(entries, entry => entry.Type is not null);
        var subjects = Array.FindAll(entries, entry => entry.Subject is not null);
        return (stored is not null && !options.BulkTypes.Contains(stored.Type) ? types is [var only] && only.Type == stored.Type : types.Length == 0)
            && (stored is not null && options.SubjectTypes.Contains(stored.Type)
                ? subjects is [var about] && (options.SubjectOf is not { } subjectOf || about.Subject == subjectOf(stored))
                : subjects.Length == 0);
    }

    private async Task<List<Entry>> TakeAsync(long upTo, CancellationToken ct)
    {
        var entries = new List<Entry>();
        for (; next is { } entry && entry.Position <= upTo; await MoveAsync(ct))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private async Task MoveAsync(CancellationToken ct) => next = await reader!.ReadAsync(ct)
        ? new Entry(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetGuid(2))
        : null;

    private void Report(long position) =>
        report.Add(position, DamageKind.IndexChanged, "log_types or log_subjects does not name the event as what it is");

    private sealed record Entry(long Position, string? Type, Guid? Subject);
}
