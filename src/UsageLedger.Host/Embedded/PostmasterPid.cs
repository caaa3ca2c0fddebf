using System.Globalization;

namespace UsageLedger.Host.Embedded;

/// <summary>What PostgreSQL's own postmaster.pid says; a file still being written has no port yet (0).</summary>
internal sealed record PostmasterPid(int Pid, int Port)
{
    private const int PidLine = 0;
    private const int PortLine = 3;

    public static PostmasterPid? Parse(string text)
    {
        var lines = text.Split('\n');
        if (!TryNumber(lines, PidLine, out var pid))
            return null;
        return new PostmasterPid(pid, TryNumber(lines, PortLine, out var port) ? port : 0);
    }

    public static PostmasterPid? Read(ClusterHome home)
    {
        try
        {
            return Parse(File.ReadAllText(home.PidFile));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool TryNumber(string[] lines, int line, out int number)
    {
        number = 0;
        return line < lines.Length
            && int.TryParse(lines[line], NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number > 0;
    }
}
