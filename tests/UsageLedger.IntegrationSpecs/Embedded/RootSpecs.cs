using System.Runtime.Versioning;
using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Embedded;

/// <summary>Holds only where the specs themselves are run by root.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "this rule is about a start by root";
    }
}

[Collection(OneAtATime.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class RootSpecs
{
    private const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [RootFact]
    public async Task A_closed_directory_on_the_way_is_named_with_the_permission_and_the_fix()
    {
        var dir = new DataDir();
        File.SetUnixFileMode(dir.Path, Closed);

        var refusal = await Should.ThrowAsync<EmbeddedPostgresException>(() => DataDir.StartAtAsync(dir.In("below/ledger")));

        refusal.Message.ShouldContain($"may not pass through {dir.Path} ");
        refusal.Message.ShouldContain("execute permission");
        refusal.Message.ShouldContain($"chmod o+x {dir.Path}");
        File.GetUnixFileMode(dir.Path).ShouldBe(Closed);
    }

    [RootFact]
    public async Task A_closed_data_directory_is_our_own_and_opened_for_passing_through()
    {
        var dir = new DataDir();
        File.SetUnixFileMode(dir.Path, Closed);

        await using var server = await dir.StartAsync();

        (await DataDir.AskAsync<int>(server.ConnectionString, "select 1")).ShouldBe(1);
    }
}
