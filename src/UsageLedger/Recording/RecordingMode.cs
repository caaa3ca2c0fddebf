namespace UsageLedger.Recording;

/// <summary>What a record may do where its key is known with other content.</summary>
public enum RecordingMode
{
    /// <summary>Nothing: that is a conflict.</summary>
    Once,

    /// <summary>The sender says that it corrects what is known.</summary>
    Revising,

    /// <summary>Asked of a vendor: it corrects what is known, but takes away neither a known cost nor an attribution.</summary>
    Polled,

    /// <summary>Pushed by a vendor, perhaps late or out of order: as <see cref="Polled"/>, while the cost is pending; nothing once it is known.</summary>
    Pushed
}
