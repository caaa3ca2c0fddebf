using Npgsql;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Credentials;

/// <summary>Puts everything that is sealed under a new master key, while hosts run. Cut off anywhere, it is sent again and goes on.</summary>
/// <param name="NewKeyFile">Made if there is none.</param>
/// <param name="SigningKeyFile">Of this host: it is sealed under the master key too.</param>
public sealed record RotateMasterKey(string NewKeyFile, string SigningKeyFile);

/// <param name="Credentials">How many were sealed anew.</param>
/// <param name="Keys">How many keys of the ledger itself were.</param>
public sealed record MasterKeyRotated(string MasterKeyId, int Credentials, int Keys);

/// <summary>Handles <see cref="RotateMasterKey"/>.</summary>
public static class RotateMasterKeyHandler
{
    private const int PassesMax = 5;

    /// <summary>
    /// First the new key is put beside the old one, so that every host opens both; then all is sealed anew, the key files change
    /// places, and what a host sealed under the old key meanwhile follows.
    /// </summary>
    /// <exception cref="KeyFileException">A key file cannot be used, or something does not open.</exception>
    public static async Task<MasterKeyRotated> Handle(
        RotateMasterKey command, MasterKeys masters, LogAppender log, NpgsqlDataSource database, CancellationToken ct)
    {
        masters.Current();
        var next = new MasterKey(MasterKeyFile.OpenOrCreate(command.NewKeyFile));
        var isNew = masters.Current().Id != next.Id;
        if (isNew)
        {
            masters.Announce(next);
        }

        var (credentials, keys) = await ResealAsync(next, masters, log, database, ct);
        SigningKey.Reseal(command.SigningKeyFile, [.. masters.All().Select(key => key.Bytes)], next.Bytes);
        if (isNew)
        {
            masters.Promote();
        }

        for (var pass = 0; pass < PassesMax && await Resealing.IsAnyLeftAsync(database, next.Id, ct); pass++)
        {
            var (more, others) = await ResealAsync(next, masters, log, database, ct);
            (credentials, keys) = (credentials + more, keys + others);
        }

        return new MasterKeyRotated(next.Id, credentials, keys);
    }

    private static async Task<(int Credentials, int Keys)> ResealAsync(
        MasterKey next, MasterKeys masters, LogAppender log, NpgsqlDataSource database, CancellationToken ct)
    {
        var (credentials, page) = (0, 0);
        do
        {
            page = await Resealing.CredentialsAsync(database, masters, next, log, ct);
            credentials += page;
        }
        while (page > 0);
        return (credentials, await Resealing.KeysAsync(database, masters, next, ct));
    }
}
