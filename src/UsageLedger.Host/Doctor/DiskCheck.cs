using System.Globalization;

namespace UsageLedger.Host.Doctor;

/// <summary>Whether the disk of the data directory has room.</summary>
internal static class DiskCheck
{
    private const long Mebibyte = 1024 * 1024;
    private const long Low = 5 * 1024 * Mebibyte;
    private const long Least = 512 * Mebibyte;

    public static Finding Run(LedgerSettings settings)
    {
        var directory = new DirectoryInfo(Path.GetFullPath(settings.DataDir));
        while (!directory.Exists && directory.Parent is { } parent)
        {
            directory = parent;
        }

        return Of(new DriveInfo(directory.FullName).AvailableFreeSpace, directory.FullName, settings.ConnectionString is null);
    }

    /// <param name="holdsDatabase">Otherwise checkpoints alone are written there.</param>
    internal static Finding Of(long free, string where, bool holdsDatabase)
    {
        var found = string.Create(CultureInfo.InvariantCulture, $"{free / Mebibyte:N0} MiB are free on the disk of {where}.");
        return free < (holdsDatabase ? Least : Mebibyte) ? Finding.Bad("disk", found, "Make room at once: a full disk stops PostgreSQL.")
            : holdsDatabase && free < Low ? Finding.Worry("disk", found, "Make room, or move the data directory to a larger disk while nothing runs.")
            : Finding.Good("disk", found);
    }
}
