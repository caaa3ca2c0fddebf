using System.Runtime.Versioning;
using System.Text;

namespace UsageLedger.Host.Embedded;

/// <summary>A small file that is there whole or not at all.</summary>
[UnsupportedOSPlatform("windows")]
internal static class ReplacedFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode ReadableByAll = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static void Write(string path, string text, UnixFileMode mode)
    {
        var next = UnfinishedWork.NameIn(Path.GetDirectoryName(path)!);
        using (var file = new FileStream(next, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            UnixCreateMode = mode,
        }))
        {
            // The umask may have taken away what the server's account needs.
            File.SetUnixFileMode(file.SafeFileHandle, mode);
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }
}
