namespace UsageLedger.Recording;

/// <summary>What became of a request's items.</summary>
/// <param name="Position">The highest among the items, so that a read at it sees them all; 0 if none has one.</param>
public sealed record RecordingAnswer(
    int Accepted, int Duplicates, int Revised, int Conflicts, int Rejected, long Position, IReadOnlyList<RecordedItem> Items)
{
    private const int Ok = 200;
    private const int ConflictStatus = 409;
    private const int UnprocessableContent = 422;

    /// <summary>
    /// 200 while anything is recorded or was before; else 422 if an item was rejected, and 409 if all were conflicts.
    /// </summary>
    public int Status =>
        Accepted + Duplicates + Revised > 0 || Items.Count == 0 ? Ok
        : Rejected > 0 ? UnprocessableContent
        : ConflictStatus;

    public static RecordingAnswer Of(IReadOnlyList<RecordedItem> items)
    {
        Span<int> counts = stackalloc int[(int)RecordedStatus.Rejected + 1];
        var position = 0L;
        foreach (var item in items)
        {
            counts[(int)item.Status]++;
            position = Math.Max(position, item.Position);
        }

        return new RecordingAnswer(
            counts[(int)RecordedStatus.Accepted],
            counts[(int)RecordedStatus.Duplicate],
            counts[(int)RecordedStatus.Revised],
            counts[(int)RecordedStatus.Conflict],
            counts[(int)RecordedStatus.Rejected],
            position,
            items);
    }
}
