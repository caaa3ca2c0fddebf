namespace UsageLedger.Host.Embedded;

/// <summary>Which of the binaries found serve a data directory.</summary>
internal static class BinaryChoice
{
    /// <summary>
    /// An existing data directory picks its own major version. A new one takes what the PATH names first,
    /// else the highest version. Null: none of them fits.
    /// </summary>
    public static PostgresBinaries? Of(IReadOnlyList<PostgresBinaries> onPath, IReadOnlyList<PostgresBinaries> installed, int? dataMajor) =>
        dataMajor is { } major
            ? onPath.Concat(installed).FirstOrDefault(found => found.Major == major)
            : onPath.FirstOrDefault(Usable) ?? installed.Where(Usable).MaxBy(found => found.Major);

    private static bool Usable(PostgresBinaries found) => found.Major >= PostgresBinaries.OldestMajor;
}
