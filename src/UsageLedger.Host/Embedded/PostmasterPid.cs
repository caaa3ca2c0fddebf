using System.Globalization;

namespace UsageLedger.Host.Embedded;

/// <summary>What PostgreSQL's own postmaster.pid says (start in Unix seconds); what is still being written is 0.</summary>
internal sealed record PostmasterPid(int Pid, long StartedAt, int Port)
{
    private const int PidLine = 0;
    private const int StartLine = 2;
    private const int PortLine = 3;

    public static PostmasterPid? Parse(string text)
    {
        var lines = text.Split('\n');
        var pid = Number(lines, PidLine);
        return pid is > 0 and <= int.MaxValue
            ? new PostmasterPid((int)pid, Number(lines, StartLine), (int)Math.Min(Number(lines, PortLine), ushort.MaxValue))
            : null;
    }

    public static PostmasterPid? Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static long Number(string[] lines, int line) =>
        line < lines.Length && long.TryParse(lines[line], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
