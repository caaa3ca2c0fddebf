using System.Globalization;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Host.Doctor;

/// <summary>Whether the files of the keys are here, their owner's alone, and open; none is made.</summary>
internal static class KeyFileCheck
{
    private const string BringBack = "Bring it back from where it is kept ('What to keep' in docs/backups.md) or copy it from another host. The first start of a ledger's first host makes one.";

    /// <summary>What is in the files, as far as it can be told.</summary>
    public static (IReadOnlyList<Diagnosis> Findings, string? SigningKeyId, IReadOnlySet<string> MasterKeyIds) Run(LedgerSettings settings)
    {
        var masters = new MasterKeys(settings.MasterKeyFile);
        if (!File.Exists(settings.MasterKeyFile))
        {
            return ([Missing("master key", settings.MasterKeyFile)], null, new HashSet<string>());
        }

        try
        {
            var ids = masters.All().Select(key => key.Id).ToHashSet();
            var master = Diagnosis.Good("master key", $"{settings.MasterKeyFile} opens, and is its owner's alone.");
            if (!File.Exists(settings.SigningKeyFile))
            {
                return ([master, Missing("signing key", settings.SigningKeyFile)], null, ids);
            }

            using var signing = masters.SigningKey(settings.SigningKeyFile);
            return ([master, Diagnosis.Good("signing key", $"{settings.SigningKeyFile} opens, and is its owner's alone.")], signing.KeyId(settings.Origin).ToString("x8", CultureInfo.InvariantCulture), ids);
        }
        catch (Exception failure) when (failure is KeyFileException or IOException or UnauthorizedAccessException)
        {
            return ([Diagnosis.Bad("keys", failure.Message, BringBack)], null, new HashSet<string>());
        }
    }

    private static Diagnosis Missing(string name, string file) => Diagnosis.Worry(name, $"{file} is not there.", BringBack);
}
