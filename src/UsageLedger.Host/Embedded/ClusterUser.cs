using System.Globalization;
using System.Text;

namespace UsageLedger.Host.Embedded;

/// <summary>
/// One user of a running cluster: a file that stays locked for as long as its process lives.
/// A file that can be locked by somebody else is that of a dead user. Entered, left and counted under the start lock only.
/// </summary>
internal sealed class ClusterUser(FileStream file)
{
    public static ClusterUser Enter(string folder)
    {
        Directory.CreateDirectory(folder);
        var file = new FileStream(
            Path.Combine(folder, $"{Guid.NewGuid():N}.user"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));
        file.Flush();
        return new ClusterUser(file);
    }

    public static bool AnyIn(string folder) =>
        Directory.Exists(folder) && Directory.GetFiles(folder, "*.user").Any(IsAlive);

    public void Leave()
    {
        File.Delete(file.Name);
        file.Dispose();
    }

    private static bool IsAlive(string path)
    {
        try
        {
            using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None))
                File.Delete(path);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
