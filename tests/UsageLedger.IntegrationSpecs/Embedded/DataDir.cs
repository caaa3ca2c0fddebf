using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using UsageLedger.Host.Embedded;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Embedded;

/// <summary>One data directory of a spec, and what may be done to the cluster in it.</summary>
internal sealed class DataDir
{
    private static readonly TimeSpan EventuallyMax = TimeSpan.FromSeconds(30);

    public string Path { get; } = SpecFolders.Next();

    public string Pg => In("pg");

    public string PidFile => In("pg/postmaster.pid");

    public int ServerPid => int.Parse(File.ReadLines(PidFile).First(), CultureInfo.InvariantCulture);

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public Task<EmbeddedPostgres> StartAsync(string? programs = null) => StartAtAsync(Path, programs);

    public static Task<EmbeddedPostgres> StartAtAsync(string path, string? programs = null) =>
        EmbeddedPostgres.StartAsync(new EmbeddedOptions(path, programs), NullLogger.Instance, CancellationToken.None);

    /// <summary>kill -9, as the kernel or an operator would.</summary>
    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    public static async Task<T> AskAsync<T>(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static async Task DoAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        var waited = Stopwatch.StartNew();
        while (!await holds())
        {
            waited.Elapsed.ShouldBeLessThan(EventuallyMax);
            await Task.Delay(50);
        }
    }
}
