using UsageLedger.Recording;

namespace UsageLedger.Collecting.Runs;

/// <summary>What came of a run, or of a part of it.</summary>
/// <param name="Rejected">Vendor records that could not be normalised, or that the log refused.</param>
/// <param name="Bytes">Of the vendor's answers.</param>
public sealed record RunCounts(long Pages, long Records, long Accepted, long Duplicates, long Revised, long Rejected, long Bytes)
{
    public static readonly RunCounts None = new(0, 0, 0, 0, 0, 0, 0);

    public static RunCounts Of(RecordingAnswer answer) =>
        new(0, answer.Items.Count, answer.Accepted, answer.Duplicates, answer.Revised, answer.Conflicts + answer.Rejected, 0);

    /// <summary>A page that was asked for, apart from its records that went to the log.</summary>
    public static RunCounts OfPage(CollectedPage page) => new(1, page.Rejected.Count, 0, 0, 0, page.Rejected.Count, page.Bytes);

    public static RunCounts OfRejected(int records) => None with { Records = records, Rejected = records };

    public static RunCounts operator +(RunCounts left, RunCounts right) => new(
        left.Pages + right.Pages, left.Records + right.Records, left.Accepted + right.Accepted, left.Duplicates + right.Duplicates,
        left.Revised + right.Revised, left.Rejected + right.Rejected, left.Bytes + right.Bytes);
}
