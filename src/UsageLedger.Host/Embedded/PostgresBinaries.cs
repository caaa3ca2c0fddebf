using System.Globalization;
using System.Text.RegularExpressions;

namespace UsageLedger.Host.Embedded;

/// <summary>A folder with PostgreSQL's server programs, and their major version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    public const int OldestMajor = 15;

    private static readonly string[] Needed = ["initdb", "postgres", "pg_ctl"];
    private static readonly TimeSpan AskMax = TimeSpan.FromSeconds(10);

    public string Initdb => Path.Combine(Folder, "initdb");

    public string Postgres => Path.Combine(Folder, "postgres");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    public static bool AreIn(string folder) => Needed.All(program => File.Exists(Path.Combine(folder, program)));

    /// <summary>Asks the server program itself; null when the folder has no working one.</summary>
    public static async Task<PostgresBinaries?> InAsync(string folder, CancellationToken ct)
    {
        if (!AreIn(folder))
            return null;
        var said = await new ProgramRun(Path.Combine(folder, "postgres"), "--version").RunAsync(AskMax, ct);
        return MajorOf(said.Output) is { } major ? new PostgresBinaries(folder, major) : null;
    }

    public static int? MajorOf(string version) =>
        VersionText().Match(version) is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"\(PostgreSQL\) ([0-9]{1,3})")]
    private static partial Regex VersionText();
}
