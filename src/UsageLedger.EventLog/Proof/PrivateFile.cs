using System.Runtime.InteropServices;
using System.Text;

namespace UsageLedger.EventLog.Proof;

/// <summary>Small files that only their owner may read, and that appear whole or not at all.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;
    private const int LengthMax = 4096;

    public static string Read(string path)
    {
        using var stream = File.OpenRead(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & Others) is not UnixFileMode.None and var open)
        {
            throw new KeyFileException($"{path} is open to others ({open}); it must be its owner's alone: chmod 600 {path}");
        }

        if (stream.Length > LengthMax)
        {
            throw new KeyFileException($"{path} has {stream.Length} bytes; no key file has more than {LengthMax}.");
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Makes the file, unless another process made it first: then that one stands.</summary>
    public static void CreateUnlessThere(string path, string content)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using var stream = new FileStream(temporary, NewOwnedFile());
            stream.Write(Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: true);
            Publish(temporary, path);

            // Once more: now the name too is on the disk.
            stream.Flush(flushToDisk: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Puts other content in the file's place.</summary>
    public static void Replace(string path, string content)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, NewOwnedFile()))
            {
                stream.Write(Encoding.UTF8.GetBytes(content));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static FileStreamOptions NewOwnedFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    // File.Move looks first and renames then, so that two processes at once would both win. A hard link is made or not.
    private static void Publish(string temporary, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            MoveUnlessThere(temporary, path);
            return;
        }

        var isMade = Link(temporary, path) == 0;
        var reason = Marshal.GetLastPInvokeErrorMessage();
        if (!isMade && !File.Exists(path))
        {
            throw new KeyFileException($"{path} cannot be made: {reason}");
        }
    }

    private static void MoveUnlessThere(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its file stands.
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string created);
}
