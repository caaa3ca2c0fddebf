using System.Security.Cryptography;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Proof;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Collecting;

namespace UsageLedger.IntegrationSpecs.Credentials;

public sealed class RotationSpecs : IDisposable
{
    private const string Path = "/v1/sources/main/credentials";
    private const string MasterKeyIds = "select distinct master_key_id from (select master_key_id from ledger.credentials union all select master_key_id from ledger.sealed_keys) k";

    private readonly string folder = SpecFolders.Next();
    private readonly CancellationTokenSource stopping = new();

    private string Master => System.IO.Path.Combine(folder, "master.key");

    private string New => System.IO.Path.Combine(folder, "new.key");

    private string Signing => System.IO.Path.Combine(folder, "signing.key");

    public void Dispose() => stopping.Dispose();

    [Fact]
    public async Task While_a_host_runs_everything_comes_under_the_new_key_and_opens_at_every_moment()
    {
        await using var server = await StartAsync(sources: 5);
        using var signing = new MasterKeys(Master).SigningKey(Signing);
        var opened = OpenAgainAndAgainAsync(server);

        var rotated = await RotateAsync(server);

        await stopping.CancelAsync();
        (await opened).ShouldBeGreaterThan(0);
        (rotated.Credentials, rotated.Keys).ShouldBe((5, 1));
        (await server.Books.Log.RowsAsync(MasterKeyIds)).ShouldBe([rotated.MasterKeyId]);
        (await server.Books.Log.AskAsync<long>("select count(distinct stream_id) from ledger.mt_events where type = 'credential_resealed'")).ShouldBe(5);
        using var afterwards = new MasterKeys(Master).SigningKey(Signing);
        afterwards.PublicPem.ShouldBe(signing.PublicPem);
    }

    [Fact]
    public async Task Afterwards_the_old_key_is_needed_for_nothing()
    {
        await using var server = await StartAsync();
        await RotateAsync(server);
        File.Delete(Master + ".previous");

        await server.PutAsync(Path, """{"values":{"apiKey":"key_2"},"graceSeconds":60}""");

        var fresh = new CredentialVault(server.Books.Log.Database, new MasterKeys(Master), server.Books.Appender, server.Books.Log.Clock);
        (await fresh.OpenAsync(SourcesServer.Configured(), "spec", "c", default)).Select(one => one.Values["apiKey"]).ShouldBe(["key_2", "key_main"]);
        new SealedKeys(server.Books.Log.Database, new MasterKeys(Master)).OpenOrCreate("number_hash").Length.ShouldBe(32);
        File.Exists(Master + ".next").ShouldBeFalse();
    }

    [Fact]
    public async Task Cut_off_at_any_step_everything_opens_and_the_same_command_ends_it()
    {
        await using var server = await StartAsync(sources: 3);
        var (masters, next) = (new MasterKeys(Master), new MasterKey(MasterKeyFile.OpenOrCreate(New)));

        masters.Announce(next);
        await ShouldOpenAsync(server);
        await Resealing.KeysAsync(server.Books.Log.Database, masters, next, default);
        await ShouldOpenAsync(server);
        await Resealing.CredentialsAsync(server.Books.Log.Database, masters, next, server.Books.Appender, default);
        await ShouldOpenAsync(server);
        MasterKeyFile.Replace(masters.PreviousFile, masters.Current().Bytes);
        await ShouldOpenAsync(server);

        (await RotateAsync(server)).MasterKeyId.ShouldBe(next.Id);
        (await RotateAsync(server)).ShouldBe(new MasterKeyRotated(next.Id, 0, 0));
        await ShouldOpenAsync(server);
    }

    [Fact]
    public async Task What_a_host_sealed_under_the_old_key_meanwhile_still_opens_and_follows()
    {
        await using var server = await StartAsync();
        var old = new MasterKey(MasterKeyFile.OpenOrCreate(Master));
        await RotateAsync(server);
        var late = SealedCredential.Seal(Guid.NewGuid(), "acme", "main", new Dictionary<string, string> { ["apiKey"] = "late" }, old);
        await CredentialRows.AddAsync(server.Books.Log.Database, late, 0, server.Books.Now, default);

        late.Open(new MasterKeys(Master).Find(late.MasterKeyId)).Values["apiKey"].ShouldBe("late");

        (await RotateAsync(server)).Credentials.ShouldBe(1);
    }

    [Fact]
    public async Task Another_key_waits_until_the_one_under_way_is_ended()
    {
        await using var server = await StartAsync();
        new MasterKeys(Master).Announce(new MasterKey(RandomNumberGenerator.GetBytes(32)));

        (await Should.ThrowAsync<KeyFileException>(() => RotateAsync(server))).Message.ShouldContain(".next");
        await ShouldOpenAsync(server);
    }

    private async Task<SourcesServer> StartAsync(int sources = 1)
    {
        var server = await SourcesServer.StartAsync(masterKeyFile: Master);
        foreach (var id in Enumerable.Range(0, sources).Select(i => i == 0 ? "main" : $"s{i}"))
        {
            await server.ConfigureAsync(id);
            await server.PutAsync($"/v1/sources/{id}/credentials", $$$"""{"values":{"apiKey":"key_{{{id}}}"}}""");
        }

        server.Get<SealedKeys>().OpenOrCreate("number_hash");
        return server;
    }

    /// <summary>As another process does it.</summary>
    private Task<MasterKeyRotated> RotateAsync(SourcesServer server) => RotateMasterKeyHandler.Handle(
        new RotateMasterKey(New, Signing), new MasterKeys(Master), server.Books.Appender, server.Books.Log.Database, default);

    private async Task<int> OpenAgainAndAgainAsync(SourcesServer server)
    {
        var times = 0;
        while (!stopping.IsCancellationRequested)
        {
            await ShouldOpenAsync(server);
            times++;
        }

        return times;
    }

    /// <summary>By the host that runs, and by one that starts now.</summary>
    private async Task ShouldOpenAsync(SourcesServer server)
    {
        var fresh = new CredentialVault(server.Books.Log.Database, new MasterKeys(Master), server.Books.Appender, server.Books.Log.Clock);
        foreach (var vault in (CredentialVault[])[server.Get<CredentialVault>(), fresh])
            (await vault.OpenAsync(SourcesServer.Configured(), "spec", "c", default)).Single().Values["apiKey"].ShouldBe("key_main");
    }
}
