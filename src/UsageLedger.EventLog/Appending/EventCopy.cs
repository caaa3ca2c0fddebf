using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Appending;

/// <summary>Writes events into mt_events in PostgreSQL's binary COPY format, so that a row costs little more than copying its bytes.</summary>
internal sealed class EventCopy(Stream stream) : IAsyncDisposable
{
    public const string Command = """
        copy ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, correlation_id, is_archived)
        from stdin (format binary)
        """;

    private const short Columns = 10;
    private const int FixedBytes = 128;
    private const byte JsonbVersion = 1;
    private const int FlushAt = 64 * 1024;

    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Trailer = [0xFF, 0xFF];

    private readonly ArrayBufferWriter<byte> buffer = new(2 * FlushAt);
    private bool completed;

    public static async Task<EventCopy> BeginAsync(NpgsqlConnection connection) =>
        To(await connection.BeginRawBinaryCopyAsync(Command));

    /// <summary>Writes to any stream what a COPY of the same columns takes.</summary>
    public static EventCopy To(Stream stream)
    {
        var copy = new EventCopy(stream);
        copy.buffer.Write(Header);
        return copy;
    }

    /// <summary>Microseconds since 2000-01-01, PostgreSQL's timestamptz.</summary>
    public static long PostgresMicros(Instant instant) =>
        (instant - NodaConstants.UnixEpoch).BclCompatibleTicks / 10 - 946_684_800_000_000;

    /// <summary>Writes all that is planned, and the tree grows by it.</summary>
    public async Task WriteAsync(GroupPlan plan, TreeEdge edge)
    {
        var micros = PostgresMicros(plan.RecordedAt);
        using var leaf = new LeafHasher();
        foreach (var planned in plan.Events)
        {
            await WriteAsync(planned, micros);
            edge.Append(leaf.Hash(planned, plan.RecordedAt));
        }
    }

    public ValueTask WriteAsync(in PlannedEvent planned, long recordedMicros)
    {
        var (added, request, position, version) = planned;
        var data = added.Data.Utf8.Span;
        var longest = FixedBytes + data.Length
            + 3 * (added.Stream.Length + added.Type.Length + request.Tenant.Length + request.CorrelationId.Length);
        var row = new RowWriter(buffer.GetSpan(longest));
        row.Int16(Columns);
        row.Int64(position);
        row.Uuid(added.Id);
        row.Text(added.Stream);
        row.Int64(version);
        row.Jsonb(data);
        row.Text(added.Type);
        row.Int64(recordedMicros);
        row.Text(request.Tenant);
        row.Text(request.CorrelationId);
        row.Boolean(false);
        buffer.Advance(row.Written);
        return buffer.WrittenCount >= FlushAt ? FlushAsync() : ValueTask.CompletedTask;
    }

    public async Task CompleteAsync()
    {
        buffer.Write(Trailer);
        await FlushAsync();
        completed = true;
        if (stream is NpgsqlRawCopyStream)
        {
            await stream.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (completed || stream is not NpgsqlRawCopyStream copy)
        {
            return;
        }

        try
        {
            // Leaving without CompleteAsync must not commit half a group: the server is told to abandon the copy.
            await copy.CancelAsync();
        }
        catch (Exception failure) when (failure is ObjectDisposedException or NpgsqlException or IOException)
        {
            // The session has ended, and the copy with it. What ended it is on its way to the caller and must not be hidden by this.
        }
    }

    private async ValueTask FlushAsync()
    {
        await stream.WriteAsync(buffer.WrittenMemory);
        buffer.ResetWrittenCount();
    }

    private ref struct RowWriter(Span<byte> row)
    {
        private readonly Span<byte> row = row;

        public int Written { get; private set; }

        public void Int16(short value)
        {
            BinaryPrimitives.WriteInt16BigEndian(row[Written..], value);
            Written += sizeof(short);
        }

        public void Int64(long value)
        {
            Length(sizeof(long));
            BinaryPrimitives.WriteInt64BigEndian(row[Written..], value);
            Written += sizeof(long);
        }

        public void Uuid(Guid value)
        {
            const int bytes = 16;
            Length(bytes);
            value.TryWriteBytes(row[Written..], bigEndian: true, out _);
            Written += bytes;
        }

        public void Text(string value)
        {
            var bytes = Encoding.UTF8.GetBytes(value, row[(Written + sizeof(int))..]);
            Length(bytes);
            Written += bytes;
        }

        public void Jsonb(ReadOnlySpan<byte> json)
        {
            Length(json.Length + 1);
            row[Written++] = JsonbVersion;
            json.CopyTo(row[Written..]);
            Written += json.Length;
        }

        public void Boolean(bool value)
        {
            Length(1);
            row[Written++] = value ? (byte)1 : (byte)0;
        }

        private void Length(int bytes)
        {
            BinaryPrimitives.WriteInt32BigEndian(row[Written..], bytes);
            Written += sizeof(int);
        }
    }
}
