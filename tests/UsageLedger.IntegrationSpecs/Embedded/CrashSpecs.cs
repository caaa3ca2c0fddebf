using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using UsageLedger.Host.Embedded;
using HostCluster = UsageLedger.Host.Embedded.Cluster;

namespace UsageLedger.IntegrationSpecs.Embedded;

[Collection(OneAtATime.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class CrashSpecs
{
    [Fact]
    public async Task A_killed_server_comes_back_by_itself_with_all_that_was_committed()
    {
        var dir = new DataDir();
        await using var host = await dir.StartAsync();
        await DataDir.DoAsync(host.ConnectionString, "create table kept as select 7 as id");
        var killed = dir.ServerPid;

        DataDir.Kill(killed);

        await DataDir.EventuallyAsync(async () => await AnswersAsync(host.ConnectionString));
        dir.ServerPid.ShouldNotBe(killed);
        (await DataDir.AskAsync<int>(host.ConnectionString, "select id from kept")).ShouldBe(7);
    }

    [Fact]
    public async Task When_host_and_server_were_killed_the_next_start_recovers()
    {
        var dir = new DataDir();
        await DataDir.DoAsync(await LeaveRunningAsync(dir), "create table kept as select 7 as id");

        DataDir.Kill(dir.ServerPid);

        await using var next = await dir.StartAsync();
        (await DataDir.AskAsync<int>(next.ConnectionString, "select id from kept")).ShouldBe(7);
    }

    [Fact]
    public async Task A_statement_that_outlived_the_server_is_waited_for_before_the_next_start()
    {
        var dir = new DataDir();
        var connection = await LeaveRunningAsync(dir);
        var outlives = DataDir.DoAsync(connection, "select count(*) from generate_series(1, 15000000)");
        await DataDir.EventuallyAsync(() => DataDir.AskAsync<bool>(
            connection, "select exists (select from pg_stat_activity where state = 'active' and query like '%15000000)')"));

        DataDir.Kill(dir.ServerPid);

        await using var next = await dir.StartAsync();
        (await DataDir.AskAsync<int>(next.ConnectionString, "select 1")).ShouldBe(1);
        await outlives.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_data_directory_that_vanished_does_not_hold_its_host_up()
    {
        var dir = new DataDir();
        var host = await dir.StartAsync();
        var server = dir.ServerPid;
        Directory.Delete(dir.Path, recursive: true);
        DataDir.Kill(server);

        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_process_id_that_now_belongs_to_another_program_is_not_mistaken_for_the_server()
    {
        var dir = new DataDir();
        await using (await dir.StartAsync())
        {
        }

        using var other = Process.Start(Sleeper())!;
        try
        {
            var stale = string.Create(CultureInfo.InvariantCulture, $"{other.Id}\n{dir.Pg}\n1700000000\n{5432}\n\n127.0.0.1\n  1 1\nready   \n");
            await File.WriteAllTextAsync(dir.PidFile, stale);

            await using var next = await dir.StartAsync();

            (await DataDir.AskAsync<int>(next.ConnectionString, "select 1")).ShouldBe(1);
            other.HasExited.ShouldBeFalse();
        }
        finally
        {
            other.Kill();
        }
    }

    [Fact]
    public async Task A_server_stopped_by_hand_is_not_taken_for_a_killed_one()
    {
        var dir = new DataDir();
        var server = await PrepareAsync(dir);
        await server.EnsureRunningAsync(CancellationToken.None);
        using var stop = Process.Start("kill", ["-INT", dir.ServerPid.ToString(CultureInfo.InvariantCulture)]);
        await DataDir.EventuallyAsync(() => Task.FromResult(!File.Exists(dir.PidFile)));
        (await server.WasKilledAsync(CancellationToken.None)).ShouldBeFalse();

        await server.EnsureRunningAsync(CancellationToken.None);
        DataDir.Kill(dir.ServerPid);
        await DataDir.EventuallyAsync(() => server.WasKilledAsync(CancellationToken.None));
    }

    // A server without any host: nobody is there who would bring it back.
    private static async Task<string> LeaveRunningAsync(DataDir dir)
    {
        var server = await PrepareAsync(dir);
        return server.ConnectionString(await server.EnsureRunningAsync(CancellationToken.None));
    }

    private static async Task<HostCluster> PrepareAsync(DataDir dir)
    {
        var home = ClusterPreparation.MakeHome(dir.Path);
        var (control, passwords) = await ClusterPreparation.PrepareAsync(new EmbeddedOptions(dir.Path), home, NullLogger.Instance, CancellationToken.None);
        return new HostCluster(home, control, passwords, NullLogger.Instance);
    }

    // As the server's account, because PostgreSQL takes a process of another account for no server of its own.
    private static ProcessStartInfo Sleeper()
    {
        var start = new ProcessStartInfo("sleep", ["60"]) { WorkingDirectory = "/" };
        if (Environment.IsPrivilegedProcess)
            start.UserName = "postgres";
        return start;
    }

    private static async Task<bool> AnswersAsync(string connectionString)
    {
        try
        {
            return await DataDir.AskAsync<int>(connectionString, "select 1") == 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
