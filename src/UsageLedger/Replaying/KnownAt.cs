using System.Globalization;
using System.Text;
using NodaTime;
using Npgsql;
using UsageLedger.Answering;
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

    /// <summary>The position that <c>asOf</c> of a query means; null if it is not given, or breaks a rule, which the fields note.</summary>
    internal static async Task<long?> ReadAsync(QueryFields fields, LogReader reader, NpgsqlDataSource database, CancellationToken ct)
    {
        if (fields.Text("asOf") is not { } text)
        {
            return null;
        }

        if (Parse(text.Replace(' ', '+')) is not { } known)
        {
            fields.Refuse("asOf", "invalid_moment", "must be a position of the log or an instant such as 2026-10-31T23:00:00Z");
            return null;
        }

        if (await known.PositionAsync(reader, database, ct) is { } position)
        {
            return position;
        }

        fields.Refuse("asOf", "out_of_range", "must not be beyond the end of the log");
        return null;
    }

    /// <summary>The position of the last event by then; null when the log has not come to the position yet.</summary>
    public async Task<long?> PositionAsync(LogReader reader, NpgsqlDataSource database, CancellationToken ct)
    {
        var head = await reader.HeadAsync(ct);

        // The log is of this century; behind it calendars end.
        return Instant is { } instant
            ? await PositionsInTime.FirstNotBeforeAsync(database, NodaTime.Instant.Min(instant, TimeBounds.End) + Duration.FromTicks(10), head, ct) - 1
            : Position <= head ? Position : null;
    }
}
