using System.Globalization;

namespace UsageLedger.Host.Doctor;

/// <summary>Whether the disk of the data directory has room.</summary>
internal static class DiskCheck
{
    private const long Mebibyte = 1024 * 1024;
    private const long Low = 5 * 1024 * Mebibyte;
    private const long Least = 512 * Mebibyte;

    public static Diagnosis Run(LedgerSettings settings)
    {
        var directory = new DirectoryInfo(Path.GetFullPath(settings.DataDir));
        while (!directory.Exists && directory.Parent is { } parent)
        {
            directory = parent;
        }

        return Of(new DriveInfo(directory.FullName).AvailableFreeSpace, directory.FullName, settings.ConnectionString is null);
    }

    /// <param name="holdsDatabase">Otherwise signed heads alone are written there.</param>
    internal static Diagnosis Of(long free, string where, bool holdsDatabase)
    {
        var found = string.Create(CultureInfo.InvariantCulture, $"{free / Mebibyte:N0} MiB are free on the disk of {where}.");
        return !holdsDatabase
            ? free < Mebibyte ? Diagnosis.Bad("disk", found, "Make room: heads of the log that are signed can be kept there no more.") : Diagnosis.Good("disk", found)
            : free < Least ? Diagnosis.Bad("disk", found, "Make room at once: a full disk stops PostgreSQL.")
            : free < Low ? Diagnosis.Worry("disk", found, "Make room, or move the data directory to a larger disk while nothing runs.")
            : Diagnosis.Good("disk", found);
    }
}
