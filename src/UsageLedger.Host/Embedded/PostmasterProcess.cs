using System.Globalization;

namespace UsageLedger.Host.Embedded;

/// <summary>What stands behind the process id in a postmaster.pid.</summary>
internal enum PostmasterState
{
    /// <summary>No such process.</summary>
    Gone,

    /// <summary>The id now belongs to another program, to another cluster, or to a corpse nobody has collected.</summary>
    Another,

    /// <summary>The postmaster of this data directory.</summary>
    Alive,
}

/// <summary>Looks at a process without touching it.</summary>
internal static class PostmasterProcess
{
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(5);

    public static async Task<PostmasterState> StateAsync(PostmasterPid named, CancellationToken ct) =>
        Directory.Exists("/proc/self") ? FromProc(named) : await FromPsAsync(named.Pid, ct);

    private static PostmasterState FromProc(PostmasterPid named)
    {
        var proc = $"/proc/{named.Pid.ToString(CultureInfo.InvariantCulture)}";
        try
        {
            // The program's name is in parentheses and may hold anything; the state letter follows it.
            var stat = File.ReadAllText($"{proc}/stat");
            var name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')];
            var isCorpse = stat[stat.LastIndexOf(')') + 2] is 'Z' or 'X';
            return !isCorpse && name.StartsWith("postgres", StringComparison.Ordinal) && WorksIn(proc, named)
                ? PostmasterState.Alive
                : PostmasterState.Another;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return PostmasterState.Gone;
        }
    }

    // A postmaster's working directory is its data directory. An unreadable link leaves the judgement to the password.
    private static bool WorksIn(string proc, PostmasterPid named)
    {
        try
        {
            return PostmasterPid.Read($"{proc}/cwd/postmaster.pid") is { } own && own with { Port = named.Port } == named;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static async Task<PostmasterState> FromPsAsync(int pid, CancellationToken ct)
    {
        var ps = await new ProgramRun("/bin/ps", "-o", "stat=,comm=", "-p", pid.ToString(CultureInfo.InvariantCulture))
            .RunAsync(LookMax, ct);
        var said = ps.Output.Trim();
        if (!ps.Succeeded || said.Length == 0)
            return PostmasterState.Gone;
        return said[0] != 'Z' && said.EndsWith("postgres", StringComparison.Ordinal)
            ? PostmasterState.Alive
            : PostmasterState.Another;
    }
}
