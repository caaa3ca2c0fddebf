using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Collecting;

/// <summary>One page of what a vendor answered, normalised.</summary>
/// <param name="Records">Without client: attribution follows. The vendor's names for whose usage it is are attributes (<see cref="Attributing.MappingKeys"/>).</param>
/// <param name="Rejected">Vendor records that could not be normalised, each with its native id and reason; never with personal data.</param>
/// <param name="Cursor">Goes on behind this page; null after the last.</param>
/// <param name="Bytes">Of the vendor's answer.</param>
public sealed record CollectedPage(IReadOnlyList<UsageRecord> Records, IReadOnlyList<RejectedRecord> Rejected, string? Cursor, long Bytes)
{
    /// <summary>What is amiss with records that are taken all the same; never with personal data.</summary>
    public IReadOnlyList<RecordNote> Notes { get; init; } = [];

    /// <summary>From when on the vendor told all that it has, as those days of its answer show that were looked at; null: they do not show.</summary>
    public Instant? ToldSince { get; init; }

    /// <summary>The vendor no longer knew the place where the list was to go on: from this page on it is told from its beginning.</summary>
    public bool Anew { get; init; }
}

/// <summary>A vendor record that could not be normalised.</summary>
public sealed record RejectedRecord(string NativeId, string Reason);

/// <summary>A remark on a vendor record that was taken, or why one was not that has no name to be asked for again by.</summary>
public sealed record RecordNote(string NativeId, string Note);
