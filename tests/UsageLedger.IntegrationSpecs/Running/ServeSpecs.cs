using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Running;

public sealed class ServeSpecs
{
    [Fact]
    public async Task When_terminated_it_ends_well_and_its_database_with_it()
    {
        var program = new LedgerProgram();
        await using var server = await LedgerServer.StartAsync(program);
        ServerPid(program).ShouldBeGreaterThan(0);

        server.Terminate();

        var run = (await server.EndAsync()).ShouldExit(0);
        run.Out.ShouldBeEmpty("standard output is for the line that says where it listens");
        run.Errors.ShouldNotContain("Exception");
        File.Exists(PidFile(program)).ShouldBeFalse("PostgreSQL removes it as the last thing it does");
    }

    [Fact]
    public async Task A_request_that_would_take_long_is_ended_when_it_is_terminated_and_the_head_is_signed()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        var key = (await program.RunAsync("keys", "create", "--tenant", "acme", "--scopes", "ingest")).ShouldExit(0).Out.Trim();
        await using var server = await LedgerServer.StartAsync(program);
        (await new Caller(server.Client, "acme", key).UsageAsync(Usage.Record("call-1"))).Status.ShouldBe(200);
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        var sending = DribbleAsync(slow.GetStream(), key);

        server.Terminate();

        var run = (await server.EndAsync()).ShouldExit(0);
        await sending;
        await using var signed = database.DataSource.CreateCommand("select coalesce(max(size), 0) = (select max(seq_id) from ledger.mt_events) from ledger.log_checkpoints");
        (await signed.ExecuteScalarAsync()).ShouldBe(true, "what was recorded last is under a signed head");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_a_line()
    {
        var program = new LedgerProgram();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var run = (await program.RunAsync("serve", "--urls", $"http://127.0.0.1:{port}")).ShouldExit(1);

        run.Out.ShouldBeEmpty();
        run.Errors.ShouldContain(port);
        run.Errors.ShouldContain("in use");
        run.Errors.Trim().ShouldNotContain("\n");
        File.Exists(PidFile(program)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_server_after_a_killed_one_takes_its_database_over()
    {
        var program = new LedgerProgram();
        var key = (await program.RunAsync("keys", "create", "--tenant", "acme", "--scopes", "ingest")).ShouldExit(0).Out.Trim();
        File.Exists(PidFile(program)).ShouldBeFalse("a verb leaves no database running that it found stopped");
        await using var killed = await LedgerServer.StartAsync(program);
        (await new Caller(killed.Client, "acme", key).UsageAsync(Usage.Record("call-1"))).Told.ShouldBe("200 1 accepted");
        var postgres = ServerPid(program);

        killed.Kill();

        await using var next = await LedgerServer.StartAsync(program);
        ServerPid(program).ShouldBe(postgres);
        (await new Caller(next.Client, "acme", key).UsageAsync(Usage.Record("call-1"))).Told.ShouldBe("200 1 duplicates");
        next.Terminate();
        (await next.EndAsync()).ShouldExit(0);
        File.Exists(PidFile(program)).ShouldBeFalse();
    }

    /// <summary>A body that comes fast enough to be taken, and would take minutes; until the server has enough of it.</summary>
    private static Task DribbleAsync(NetworkStream stream, string key)
    {
        stream.Write(Encoding.ASCII.GetBytes(
            $"POST /v1/usage HTTP/1.1\r\nHost: ledger\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\nExpect: 100-continue\r\n\r\n"));
        stream.ReadExactly(new byte["HTTP/1.1 100 Continue\r\n\r\n".Length]);
        return Task.Run(async () =>
        {
            try
            {
                for (var i = 0; i < 600; i++)
                {
                    await stream.WriteAsync(new byte[200]);
                    await Task.Delay(100);
                }
            }
            catch (IOException)
            {
                // The server has gone.
            }
        });
    }

    private static string PidFile(LedgerProgram program) => program.In("pg/postmaster.pid");

    private static int ServerPid(LedgerProgram program) => int.Parse(File.ReadLines(PidFile(program)).First(), CultureInfo.InvariantCulture);
}
