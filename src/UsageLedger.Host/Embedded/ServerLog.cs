using System.Text;

namespace UsageLedger.Host.Embedded;

/// <summary>PostgreSQL's own log: kept bounded, and quoted when something fails.</summary>
internal static class ServerLog
{
    public const long BytesMax = 8 * 1024 * 1024;

    private const int TailBytes = 16 * 1024;
    private const int TailLines = 20;

    public static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>The server appends to the file it holds open, so the file is copied aside and emptied in place.</summary>
    public static void Bound(string path, long bytesMax = BytesMax)
    {
        if (Length(path) <= bytesMax)
            return;
        File.Copy(path, path + ".1", overwrite: true);
        using var log = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        log.SetLength(0);
    }

    /// <summary>The last lines written since an earlier length of the log.</summary>
    public static string Tail(string path, long since = 0)
    {
        if (!File.Exists(path))
            return "";
        using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(Math.Min(log.Length, Math.Max(since, log.Length - TailBytes)), SeekOrigin.Begin);
        using var reader = new StreamReader(log, Encoding.UTF8);
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(TailLines));
    }
}
