namespace UsageLedger.IntegrationSpecs.Embedded;

[Collection(OneAtATime.Name)]
public sealed class SharingSpecs
{
    [Fact]
    public async Task A_second_user_joins_and_the_last_one_out_stops_the_server()
    {
        var dir = new DataDir();
        var first = await dir.StartAsync();
        var second = await dir.StartAsync();
        second.Port.ShouldBe(first.Port);

        await first.DisposeAsync();
        (await DataDir.AskAsync<int>(second.ConnectionString, "select 1")).ShouldBe(1);

        await second.DisposeAsync();
        File.Exists(dir.PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Leaving_twice_is_leaving_once()
    {
        var dir = new DataDir();
        await using var stays = await dir.StartAsync();
        var leaves = await dir.StartAsync();

        await leaves.DisposeAsync();
        await leaves.DisposeAsync();

        (await DataDir.AskAsync<int>(stays.ConnectionString, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Many_who_start_at_once_share_one_server()
    {
        var dir = new DataDir();
        var users = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => dir.StartAsync())));

        users.Select(user => user.Port).Distinct().Count().ShouldBe(1);
        await Task.WhenAll(users.Select(user => user.DisposeAsync().AsTask()));
        File.Exists(dir.PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Many_who_come_and_go_always_find_a_server()
    {
        var dir = new DataDir();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            for (var round = 0; round < 3; round++)
            {
                await using var user = await dir.StartAsync();
                (await DataDir.AskAsync<int>(user.ConnectionString, "select 1")).ShouldBe(1);
            }
        })));
        File.Exists(dir.PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_user_who_died_does_not_keep_the_server_up()
    {
        var dir = new DataDir();
        var alive = await dir.StartAsync();
        await File.WriteAllTextAsync(dir.In("pg.users/dead.user"), "1\n");

        await alive.DisposeAsync();

        File.Exists(dir.PidFile).ShouldBeFalse();
        Directory.GetFiles(dir.In("pg.users")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cluster_started_again_has_what_was_written()
    {
        var dir = new DataDir();
        await using (var first = await dir.StartAsync())
            await DataDir.DoAsync(first.ConnectionString, "create table kept as select 7 as id");

        await using var second = await dir.StartAsync();

        (await DataDir.AskAsync<int>(second.ConnectionString, "select id from kept")).ShouldBe(7);
    }
}
