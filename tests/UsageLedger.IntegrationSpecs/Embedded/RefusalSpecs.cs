using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Embedded;

[Collection(OneAtATime.Name)]
public sealed class RefusalSpecs
{
    [Fact]
    public async Task Data_of_another_major_version_is_refused_naming_both_versions_and_the_way_out()
    {
        var dir = new DataDir();
        Directory.CreateDirectory(dir.Pg);
        await File.WriteAllTextAsync(dir.In("pg/PG_VERSION"), "14\n");
        var programs = InstalledBinaries.Folder;

        var refusal = await RefusedAsync(dir, programs);

        refusal.ShouldContain("PostgreSQL 14");
        refusal.ShouldContain($"PostgreSQL {InstalledBinaries.Major}");
        refusal.ShouldContain("Ledger__PostgresBin");
    }

    [Fact]
    public async Task Data_of_a_version_that_is_nowhere_to_be_found_is_refused_without_fetching_anything()
    {
        var dir = new DataDir();
        Directory.CreateDirectory(dir.Pg);
        await File.WriteAllTextAsync(dir.In("pg/PG_VERSION"), "9\n");

        (await RefusedAsync(dir)).ShouldContain("PostgreSQL 9");
        Directory.Exists(dir.In("postgres-bin")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_called_pg_that_is_no_data_directory_is_left_as_it_is()
    {
        var dir = new DataDir();
        Directory.CreateDirectory(dir.Pg);
        await File.WriteAllTextAsync(dir.In("pg/letters.txt"), "dear");

        (await RefusedAsync(dir)).ShouldContain(dir.Pg);
        (await File.ReadAllTextAsync(dir.In("pg/letters.txt"))).ShouldBe("dear");
    }

    [Fact]
    public async Task A_data_directory_whose_making_was_interrupted_is_made_again()
    {
        var dir = new DataDir();
        Directory.CreateDirectory(dir.In("unfinished-0123/base"));
        await File.WriteAllTextAsync(dir.In("unfinished-0123/PG_VERSION"), "15\n");
        Directory.CreateDirectory(dir.Pg);

        await using var server = await dir.StartAsync();

        (await DataDir.AskAsync<int>(server.ConnectionString, "select 1")).ShouldBe(1);
        Directory.Exists(dir.In("unfinished-0123")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_lost_password_file_is_named()
    {
        var dir = new DataDir();
        await using (await dir.StartAsync())
        {
        }

        File.Delete(dir.In("pg.pass"));

        (await RefusedAsync(dir)).ShouldContain("pg.pass");
    }

    [Fact]
    public async Task A_server_that_does_not_start_says_why()
    {
        var dir = new DataDir();
        await using (await dir.StartAsync())
        {
        }

        await File.AppendAllTextAsync(dir.In("pg/postgresql.conf"), "shared_buffers = 'a lot'\n");

        (await RefusedAsync(dir)).ShouldContain("shared_buffers");
        Directory.GetFiles(dir.In("pg.users")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_named_for_binaries_without_any_is_refused() =>
        (await RefusedAsync(new DataDir(), "/usr/share")).ShouldContain("/usr/share");

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_named()
    {
        var dir = new DataDir();
        await File.WriteAllTextAsync(dir.In("file"), "");

        var refusal = await Should.ThrowAsync<EmbeddedPostgresException>(() => DataDir.StartAtAsync(dir.In("file/below")));

        refusal.Message.ShouldContain(dir.In("file/below"));
    }

    private static async Task<string> RefusedAsync(DataDir dir, string? programs = null) =>
        (await Should.ThrowAsync<EmbeddedPostgresException>(() => dir.StartAsync(programs))).Message;
}
