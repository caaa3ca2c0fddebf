namespace UsageLedger.EventLog.Verifying;

/// <summary>One place where the log is not what was appended.</summary>
/// <param name="Position">The event's; of a tile, that of its first leaf; of a stream, that of its last event, 0 if it has none.</param>
public sealed record Damage(long Position, DamageKind Kind, string Detail)
{
    /// <summary>The kind as reports spell it.</summary>
    public string KindName => Kind switch
    {
        DamageKind.EntryChanged => "entry_changed",
        DamageKind.Missing => "missing",
        DamageKind.Inserted => "inserted",
        DamageKind.Swapped => "swapped",
        DamageKind.TileChanged => "tile_changed",
        DamageKind.CheckpointMismatch => "checkpoint_mismatch",
        DamageKind.StreamChanged => "stream_changed",
        DamageKind.IndexChanged => "index_changed",
        DamageKind.HeadChanged => "head_changed",
        DamageKind.FiguresChanged => "figures_changed",
        _ => throw new InvalidOperationException($"{Kind} has no name."),
    };
}

/// <summary>What was done to the log.</summary>
public enum DamageKind
{
    EntryChanged,
    Missing,
    Inserted,
    Swapped,
    TileChanged,
    CheckpointMismatch,
    StreamChanged,

    /// <summary>The log's own list of rarer types, or of what events are about.</summary>
    IndexChanged,

    /// <summary>The one row that says where the log ends.</summary>
    HeadChanged,

    /// <summary>What a read model shows is not what an event of the log froze; the log itself is whole.</summary>
    FiguresChanged,
}

/// <summary>Whether the log is what was appended.</summary>
/// <param name="Damaged">The first of the damaged places, at most <see cref="DamageReport.ListedMax"/>.</param>
public sealed record VerifyOutcome(long Events, long TreeSize, string RootHash, int Checkpoints, long DamagedTotal, IReadOnlyList<Damage> Damaged)
{
    public bool Whole => DamagedTotal == 0;

    /// <summary>
    /// Fingerprints (SHA-256 of the SubjectPublicKeyInfo, hex) of keys that signed heads of the log and that are not kept here: those of
    /// another host, or of somebody who replaced the keys. Empty where no key is kept to compare with.
    /// </summary>
    public IReadOnlyList<string> UnknownKeys { get; init; } = [];
}
