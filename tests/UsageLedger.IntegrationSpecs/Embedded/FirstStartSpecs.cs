using System.Runtime.Versioning;
using Npgsql;
using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Embedded;

public sealed class FirstStartFixture : IAsyncLifetime
{
    internal DataDir Dir { get; } = new();

    public EmbeddedPostgres Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await Dir.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[Collection(OneAtATime.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class FirstStartSpecs(FirstStartFixture fixture) : IClassFixture<FirstStartFixture>
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string Connection => fixture.Server.ConnectionString;

    [Fact]
    public async Task The_ledgers_database_exists_and_its_role_may_write_there()
    {
        await DataDir.DoAsync(Connection, "create table t (id int)");
        (await DataDir.AskAsync<string>(Connection, "select current_database()")).ShouldBe("ledger");
    }

    [Fact]
    public async Task The_ledgers_role_is_no_superuser() =>
        (await DataDir.AskAsync<bool>(Connection, "select rolsuper or rolcreaterole or rolbypassrls or rolreplication from pg_roles where rolname = current_user"))
            .ShouldBeFalse();

    [Theory]
    [InlineData("fsync", "on")]
    [InlineData("synchronous_commit", "on")]
    [InlineData("full_page_writes", "on")]
    [InlineData("data_checksums", "on")]
    [InlineData("password_encryption", "scram-sha-256")]
    [InlineData("listen_addresses", "127.0.0.1")]
    [InlineData("unix_socket_directories", "")]
    [InlineData("TimeZone", "UTC")]
    [InlineData("server_encoding", "UTF8")]
    [InlineData("log_min_error_statement", "panic")]
    public async Task A_setting_that_a_promise_rests_on_is_in_force(string setting, string value) =>
        (await DataDir.AskAsync<string>(Connection, $"select current_setting('{setting}')")).ShouldBe(value);

    [Fact]
    public async Task Text_is_ordered_by_its_bytes() =>
        (await DataDir.AskAsync<bool>(Connection, "select 'Z' < 'a' and 'z' < 'ä'")).ShouldBeTrue();

    [Fact]
    public async Task Nobody_enters_without_the_password()
    {
        var stranger = new NpgsqlConnectionStringBuilder(Connection) { Password = "guess" }.ConnectionString;
        var refusal = await Should.ThrowAsync<PostgresException>(() => DataDir.AskAsync<int>(stranger, "select 1"));
        refusal.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public void The_passwords_are_readable_by_their_owner_alone() => File.GetUnixFileMode(fixture.Dir.In("pg.pass")).ShouldBe(OwnerOnly);

    [Fact]
    public void The_data_directory_is_closed_to_others() =>
        File.GetUnixFileMode(fixture.Dir.Pg).ShouldBe(OwnerOnly | UnixFileMode.UserExecute);

    [Fact]
    public void Nothing_of_the_making_is_left_behind() =>
        Directory.GetFileSystemEntries(fixture.Dir.Path).Select(Path.GetFileName).Order()
            .ShouldBe(["pg", "pg.conf", "pg.lock", "pg.log", "pg.pass", "pg.users"]);

    [Fact]
    public async Task The_server_does_not_run_as_root()
    {
        var user = await new ProgramRun("ps", "-o", "user=", "-p", $"{fixture.Dir.ServerPid}").RunAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        user.Output.Trim().ShouldNotBe("root");
    }

    [Fact]
    public async Task Programs_of_the_server_inherit_none_of_the_hosts_environment()
    {
        var environment = await new ProgramRun("env").RunAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        environment.Output.Trim().Split('\n').Select(line => line.Split('=')[0]).Order().ShouldBe(["LC_ALL", "PATH"]);
    }

    [Fact]
    public async Task A_name_that_a_shell_would_read_otherwise_is_taken_as_it_is()
    {
        await using var server = await DataDir.StartAtAsync(new DataDir().In("a \"b\" $HOME `id` 'c' \\d"));

        (await DataDir.AskAsync<int>(server.ConnectionString, "select 1")).ShouldBe(1);
    }
}
