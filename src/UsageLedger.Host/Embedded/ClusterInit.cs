using System.Runtime.Versioning;

namespace UsageLedger.Host.Embedded;

/// <summary>Makes the data directory, once. It is made aside and renamed when whole, so what is called pg was never left half made.</summary>
[UnsupportedOSPlatform("windows")]
internal static class ClusterInit
{
    private static readonly TimeSpan InitMax = TimeSpan.FromMinutes(3);

    public static async Task EnsureAsync(ClusterHome home, PostgresBinaries binaries, string? account, CancellationToken ct)
    {
        UnfinishedWork.DeleteIn(home.DataDir);
        if (File.Exists(home.VersionFile))
            return;
        RefuseWhatIsNotOurs(home);
        var passwords = ClusterPasswords.Read(home.Passwords) ?? ClusterPasswords.Make(home.Passwords);
        var making = UnfinishedWork.NameIn(home.DataDir);
        Directory.CreateDirectory(making, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await ServerAccount.GiveAsync(making, account, ct);
        await InitdbAsync(home, binaries, account, making, passwords, ct);
        await File.AppendAllTextAsync(Path.Combine(making, "postgresql.conf"), ClusterSettings.Include, ct);
        Directory.Move(making, home.Data);
    }

    private static void RefuseWhatIsNotOurs(ClusterHome home)
    {
        if (!Directory.Exists(home.Data))
            return;
        if (Directory.EnumerateFileSystemEntries(home.Data).Any())
            throw new EmbeddedPostgresException(
                $"{home.Data} is not empty and holds no PG_VERSION: it is no whole PostgreSQL data directory, and not one that the ledger left half made. "
                + "Nothing was changed. Restore it from a backup, or move it away, or set Ledger__DataDir to another directory.");
        Directory.Delete(home.Data);
    }

    private static async Task InitdbAsync(
        ClusterHome home, PostgresBinaries binaries, string? account, string making, ClusterPasswords passwords, CancellationToken ct)
    {
        var passwordFile = UnfinishedWork.NameIn(home.DataDir);
        try
        {
            ReplacedFile.Write(passwordFile, passwords.Superuser, ReplacedFile.OwnerOnly);
            await ServerAccount.GiveAsync(passwordFile, account, ct);

            // Locale C orders text by its bytes: the same on every machine, and ordinal as the reports promise.
            var initdb = await new ProgramRun(
                binaries.Initdb, "-D", making, "-U", ClusterPasswords.SuperuserRole, "--pwfile", passwordFile, "-A", "scram-sha-256",
                "-E", "UTF8", "--locale=C", "--data-checksums", "--no-instructions")
            { Account = account, WorkingDirectory = home.DataDir }.RunAsync(InitMax, ct);
            if (!initdb.Succeeded)
                throw new EmbeddedPostgresException($"initdb failed ({binaries.Folder}):\n{initdb.Said}");
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }
}
