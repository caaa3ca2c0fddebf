using System.Globalization;

namespace UsageLedger.Benchmarks;

/// <summary>The most memory that a process has held.</summary>
internal static class ProcessMemory
{
    private const string Peak = "VmHWM:";

    /// <summary>Null where the system does not tell.</summary>
    public static long? PeakMb(int processId)
    {
        var status = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/status";
        if (!File.Exists(status))
        {
            return null;
        }

        var line = File.ReadLines(status).First(text => text.StartsWith(Peak, StringComparison.Ordinal));
        return long.Parse(line[Peak.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
