using System.Runtime.Versioning;

namespace UsageLedger.Host.Embedded;

/// <summary>Whether another account can get to a directory; the account itself is asked, so every kind of permission counts.</summary>
[UnsupportedOSPlatform("windows")]
internal static class Reachability
{
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(10);

    private const string FirstClosed = """
        for folder in "$@"; do
            test -x "$folder" || { printf %s "$folder"; exit 1; }
        done
        """;

    /// <summary>Opens our own folder for passing through, when it is closed; refuses by name a closed folder that is not ours.</summary>
    public static async Task EnsureAsync(ClusterHome home, string account, CancellationToken ct)
    {
        var closed = await FirstClosedAsync(Ancestry(home.DataDir), account, ct);
        if (closed is null)
            return;
        if (closed == home.DataDir)
            File.SetUnixFileMode(home.DataDir, File.GetUnixFileMode(home.DataDir) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        await DemandAsync(home.DataDir, account, ct);
    }

    public static async Task DemandAsync(string folder, string account, CancellationToken ct)
    {
        if (await FirstClosedAsync(Ancestry(folder), account, ct) is { } closed)
            throw new EmbeddedPostgresException(
                $"PostgreSQL runs as the account {account} when the ledger is started by root, and that account may not pass through {closed} "
                + $"(the execute permission is missing), which is on the way to {folder}. Either: chmod o+x {closed}; or choose "
                + "a directory that the account can reach (Ledger__DataDir, Ledger__PostgresBin); or run the ledger as an ordinary account.");
    }

    private static async Task<string?> FirstClosedAsync(IReadOnlyList<string> folders, string account, CancellationToken ct)
    {
        var test = await new ProgramRun("/bin/sh", ["-c", FirstClosed, "sh", .. folders]) { Account = account }.RunAsync(LookMax, ct);
        return test.Succeeded ? null : test.Output;
    }

    private static List<string> Ancestry(string folder)
    {
        var path = new List<string>();
        for (DirectoryInfo? here = new(folder); here is not null; here = here.Parent)
            path.Insert(0, here.FullName);
        return path;
    }
}
