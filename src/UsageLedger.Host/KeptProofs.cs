using UsageLedger.Auditing;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Verifying;

namespace UsageLedger.Host;

/// <summary>What this installation keeps outside the database to hold the log against.</summary>
internal static class KeptProofs
{
    /// <param name="given">Further signed checkpoints, kept wherever.</param>
    /// <exception cref="SettingsException">One that was given is none.</exception>
    public static async Task<VerifyOptions> ReadAsync(LedgerSettings settings, IReadOnlyList<FileInfo> given, CancellationToken ct)
    {
        var kept = new List<KeptCheckpoint>();
        foreach (var file in given)
        {
            kept.Add(new KeptCheckpoint(file.Name, await GivenAsync(file, ct)));
        }

        foreach (var (file, note) in await LedgerKeys.KeptHeads(settings).AllAsync(ct))
        {
            kept.Add(new KeptCheckpoint(file, note));
        }

        return new VerifyOptions
        {
            BulkTypes = EventTypes.Bulk,
            SubjectTypes = EventTypes.AboutUsage,
            SubjectOf = EventSubjects.Of,
            Kept = kept,
            TrustedKeys = await LedgerKeys.TrustedAsync(settings, ct),
        };
    }

    private static async Task<string> GivenAsync(FileInfo file, CancellationToken ct)
    {
        try
        {
            var note = file.Exists ? await KeptHeads.ReadAsync(file, ct) : throw new SettingsException($"There is no file {file.FullName}.");
            Checkpoint.Parse(SignedNote.Parse(note).Text);
            return note;
        }
        catch (NoteFormatException failure)
        {
            throw new SettingsException($"{file.FullName} is no signed checkpoint: {failure.Message}");
        }
    }
}
