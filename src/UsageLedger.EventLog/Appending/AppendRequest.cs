namespace UsageLedger.EventLog.Appending;

/// <summary>Events of one tenant that enter the log together or not at all.</summary>
/// <param name="Expected">Streams whose version must be as stated, else nothing is appended.</param>
public sealed record AppendRequest(
    string Tenant,
    string CorrelationId,
    IReadOnlyList<AppendItem> Items,
    IReadOnlyList<ExpectedVersion>? Expected = null)
{
    private const int BytesOfOne = 1024;

    /// <summary>What it counts against the bounds of an appender: each item once, and once more for each further KiB of its event.</summary>
    internal int Weight => Items.Sum(item => 1 + ((item.WhenNew?.Data.Utf8.Length ?? 0) / BytesOfOne));
}

/// <summary>A stream and the version it must have; 0 means that it must not exist.</summary>
public readonly record struct ExpectedVersion(string Stream, long Version);

/// <summary>
/// One thing to append, decided under the log's lock: <paramref name="WhenNew"/> if nothing is known under
/// <paramref name="Key"/>, else what <paramref name="WhenKnown"/> makes of what is known. The decision must be pure:
/// it runs again where a group is written anew.
/// </summary>
/// <param name="Key">The id that decides: that of the event itself, or of the event it is about.</param>
/// <param name="WhenNew">Null: nothing is appended, and the verdict is <see cref="Decision.Missing"/>.</param>
/// <param name="WhenKnown">Null: a known key is a duplicate.</param>
public sealed record AppendItem(Guid Key, NewEvent? WhenNew, Func<KnownEvent, Decision>? WhenKnown = null);

/// <summary>What becomes of an item whose key is known. The verdict's words are the caller's.</summary>
public sealed record Decision(string Verdict, params IReadOnlyList<NewEvent> Events)
{
    public const string Accepted = "accepted";
    public const string Duplicate = "duplicate";
    public const string Missing = "missing";
}
