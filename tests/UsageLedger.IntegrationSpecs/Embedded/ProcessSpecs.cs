namespace UsageLedger.IntegrationSpecs.Embedded;

[Collection(OneAtATime.Name)]
public sealed class ProcessSpecs
{
    [Fact]
    public async Task The_server_of_a_killed_process_goes_on_and_is_adopted()
    {
        var dir = new DataDir();
        using var host = await HostProcess.StartAsync(dir);
        var server = dir.ServerPid;

        host.Kill();

        await using (var next = await dir.StartAsync())
        {
            next.Port.ShouldBe(host.Port);
            dir.ServerPid.ShouldBe(server);
            (await DataDir.AskAsync<int>(next.ConnectionString, "select 1")).ShouldBe(1);
        }

        File.Exists(dir.PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_leaves_first_leaves_the_server_to_the_other_process()
    {
        var dir = new DataDir();
        using var host = await HostProcess.StartAsync(dir);
        var server = dir.ServerPid;

        await using (var beside = await dir.StartAsync())
            beside.Port.ShouldBe(host.Port);

        dir.ServerPid.ShouldBe(server);
        host.Kill();
        await (await dir.StartAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Processes_that_start_at_once_make_one_cluster()
    {
        var dir = new DataDir();
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => HostProcess.StartAsync(dir)));

        hosts.Select(host => host.Port).Distinct().Count().ShouldBe(1);
        foreach (var host in hosts)
            host.Dispose();
        await (await dir.StartAsync()).DisposeAsync();
        File.Exists(dir.PidFile).ShouldBeFalse();
    }
}
