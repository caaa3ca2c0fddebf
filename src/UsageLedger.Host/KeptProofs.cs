using UsageLedger.EventLog.Verifying;

namespace UsageLedger.Host;

/// <summary>What this installation keeps outside the database to hold the log against.</summary>
internal static class KeptProofs
{
    public static async Task<VerifyOptions> ReadAsync(LedgerSettings settings, IReadOnlyList<FileInfo> given, CancellationToken ct)
    {
        var folder = new DirectoryInfo(LedgerKeys.CheckpointFolder(settings));
        var kept = new List<KeptCheckpoint>();
        foreach (var file in given.Concat(folder.Exists ? folder.EnumerateFiles("*.txt") : []))
        {
            kept.Add(new KeptCheckpoint(file.Name, await File.ReadAllTextAsync(file.FullName, ct)));
        }

        return new VerifyOptions
        {
            BulkTypes = EventTypes.Bulk,
            SubjectTypes = EventTypes.AboutUsage,
            Kept = kept,
            TrustedKeys = await LedgerKeys.TrustedAsync(settings, ct),
        };
    }
}
