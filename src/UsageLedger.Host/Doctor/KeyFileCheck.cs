using System.Globalization;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Host.Doctor;

/// <summary>Whether the files of the keys are here, their owner's alone, and open; none is made.</summary>
internal static class KeyFileCheck
{
    private const string BringBack = "Bring it back from where it is kept ('What to keep' in docs/backups.md) or copy it from another host. The first start of a ledger's first host makes one.";

    /// <summary>What is in the files; null of each where it cannot be told.</summary>
    public static (IReadOnlyList<Diagnosis> Findings, string? SigningKeyId, IReadOnlySet<string>? MasterKeyIds) Run(LedgerSettings settings)
    {
        var masters = new MasterKeys(settings.MasterKeyFile);
        if (!File.Exists(settings.MasterKeyFile))
        {
            return ([Missing("master key", settings.MasterKeyFile)], null, new HashSet<string>());
        }

        var (master, ids) = Opened("master key", settings.MasterKeyFile, IReadOnlySet<string> () => masters.All().Select(key => key.Id).ToHashSet());
        if (ids is null)
        {
            return ([master], null, null);
        }

        if (!File.Exists(settings.SigningKeyFile))
        {
            return ([master, Missing("signing key", settings.SigningKeyFile)], "", ids);
        }

        var (signing, id) = Opened("signing key", settings.SigningKeyFile, () =>
        {
            using var key = masters.SigningKey(settings.SigningKeyFile);
            return key.KeyId(settings.Origin).ToString("x8", CultureInfo.InvariantCulture);
        });
        return ([master, signing], id, ids);
    }

    private static (Diagnosis Finding, T? Read) Opened<T>(string name, string file, Func<T> read)
        where T : class
    {
        try
        {
            return (Diagnosis.Good(name, $"{file} opens, and is its owner's alone."), read());
        }
        catch (Exception failure) when (failure is KeyFileException or IOException or UnauthorizedAccessException)
        {
            return (Diagnosis.Bad(name, failure.Message, BringBack), null);
        }
    }

    private static Diagnosis Missing(string name, string file) => Diagnosis.Worry(name, $"{file} is not there.", BringBack);
}
