using System.Globalization;
using System.Text;
using NodaTime;
using Npgsql;
using UsageLedger.Auditing;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording;

namespace UsageLedger.Replaying;

/// <summary>A moment of the log: where it ended at a position, or at an instant.</summary>
public sealed record KnownAt(long? Position, Instant? Instant)
{
    /// <summary>Decimal digits, or RFC 3339; null for what is neither.</summary>
    public static KnownAt? Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? new KnownAt(position, null)
        : InstantText.Read(Encoding.UTF8.GetBytes(text), out var instant) == InstantReading.Read ? new KnownAt(null, instant)
        : null;

    /// <summary>The position of the last event by then; null when the log has not come to the position yet.</summary>
    public async Task<long?> PositionAsync(LogReader reader, NpgsqlDataSource database, CancellationToken ct)
    {
        var head = await reader.HeadAsync(ct);
        return Instant is { } instant
            ? await PositionsInTime.FirstNotBeforeAsync(database, instant + Duration.FromTicks(10), head, ct) - 1
            : Position <= head ? Position : null;
    }
}
