namespace UsageLedger.Host.Embedded;

/// <summary>Things are made under a name of their own and renamed when whole; what still bears such a name was left by somebody who died.</summary>
internal static class UnfinishedWork
{
    private const string Prefix = "unfinished-";

    public static string NameIn(string folder) => Path.Combine(folder, Prefix + Guid.NewGuid().ToString("N"));

    /// <summary>Under the start lock only, where nobody else is making anything.</summary>
    public static void DeleteIn(string folder)
    {
        foreach (var left in new DirectoryInfo(folder).GetFileSystemInfos(Prefix + "*"))
            Delete(left);
    }

    private static void Delete(FileSystemInfo left)
    {
        try
        {
            if (left is DirectoryInfo made)
                made.Delete(recursive: true);
            else
                left.Delete();
        }
        catch (IOException)
        {
            // An initdb whose host was killed may still be writing there; a later start removes it.
        }
    }
}
