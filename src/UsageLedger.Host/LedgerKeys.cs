using NodaTime;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Host;

/// <summary>The keys of this installation, in files outside the database: made on the first start, readable by their owner only.</summary>
internal static class LedgerKeys
{
    /// <summary>Where signed heads are kept outside the database.</summary>
    public static string CheckpointFolder(LedgerSettings settings) => Path.Combine(settings.DataDir, "checkpoints");

    public static CheckpointSigner Signer(LedgerSettings settings, IServiceProvider services)
    {
        Directory.CreateDirectory(settings.DataDir);
        var key = SigningKey.OpenOrCreate(settings.SigningKeyFile, MasterKeyFile.OpenOrCreate(settings.MasterKeyFile));
        File.WriteAllText(PublicFile(settings), key.PublicPem);
        return new CheckpointSigner(
            services.GetRequiredService<LogReader>(), services.GetRequiredService<LogTiles>(), services.GetRequiredService<CheckpointStore>(),
            key, services.GetRequiredService<IClock>(), settings.Origin, CheckpointFolder(settings));
    }

    /// <summary>The public half of this installation's key, which the database must know; none before the first start.</summary>
    public static async Task<IReadOnlyList<string>> TrustedAsync(LedgerSettings settings, CancellationToken ct) =>
        File.Exists(PublicFile(settings)) ? [await File.ReadAllTextAsync(PublicFile(settings), ct)] : [];

    private static string PublicFile(LedgerSettings settings) => settings.SigningKeyFile + ".pub";
}
