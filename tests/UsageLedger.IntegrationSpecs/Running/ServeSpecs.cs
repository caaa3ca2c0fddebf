using System.Globalization;
using System.Net;
using System.Net.Sockets;

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

    private static string PidFile(LedgerProgram program) => program.In("pg/postmaster.pid");

    private static int ServerPid(LedgerProgram program) => int.Parse(File.ReadLines(PidFile(program)).First(), CultureInfo.InvariantCulture);
}
