using System.Runtime.Versioning;

namespace UsageLedger.Host.Embedded;

/// <summary>Everything a cluster needs before its server can run: a folder, an account, programs, data, passwords.</summary>
[UnsupportedOSPlatform("windows")]
internal static class ClusterPreparation
{
    public static ClusterHome MakeHome(string dataDir)
    {
        var home = new ClusterHome(Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataDir)));
        try
        {
            Directory.CreateDirectory(home.DataDir);
            return home;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException(
                $"The data directory {home.DataDir} cannot be made: {failure.Message} Set Ledger__DataDir to a directory that can.", failure);
        }
    }

    public static async Task<(ServerControl Control, ClusterPasswords Passwords)> PrepareAsync(
        EmbeddedOptions options, ClusterHome home, ILogger log, CancellationToken ct)
    {
        var binaries = await BinaryFinder.FindAsync(options, home, log, ct);
        var account = await ServerAccount.ChooseAsync(home, ct);
        if (account is not null)
        {
            await Reachability.EnsureAsync(home, account, ct);
            await Reachability.DemandAsync(binaries.Folder, account, ct);
        }

        await ClusterInit.EnsureAsync(home, binaries, account, ct);
        return (new ServerControl(home, binaries, account), ClusterPasswords.Read(home.Passwords) ?? throw PasswordsMissing(home));
    }

    private static EmbeddedPostgresException PasswordsMissing(ClusterHome home) => new(
        $"{home.Data} is there but {home.Passwords}, which holds its passwords, is not. Restore that file from a backup, or set Ledger__DataDir to another directory.");
}
