using System.Security.Cryptography;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

public sealed class KeyFileSpecs : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-keys-").FullName;

    private string MasterPath => Path.Combine(_folder, "master.key");

    private string SigningPath => Path.Combine(_folder, "signing.key");

    [Fact]
    public void Keys_are_made_once_and_are_their_owners_alone()
    {
        var master = MasterKeyFile.OpenOrCreate(MasterPath);
        using var made = SigningKey.OpenOrCreate(SigningPath, master);
        using var opened = SigningKey.OpenOrCreate(SigningPath, MasterKeyFile.OpenOrCreate(MasterPath));

        master.Length.ShouldBe(32);
        opened.PublicPem.ShouldBe(made.PublicPem);
        opened.KeyId("log").ShouldBe(made.KeyId("log"));
        opened.KeyId("log").ShouldNotBe(made.KeyId("other"));
        made.Public.Verify("data"u8, opened.Sign("data"u8)).ShouldBeTrue();
        Directory.GetFiles(_folder).Order().ShouldBe([MasterPath, SigningPath]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(MasterPath).ShouldBe(OwnerOnly);
            File.GetUnixFileMode(SigningPath).ShouldBe(OwnerOnly);
        }
    }

    [Fact]
    public async Task Of_many_makers_at_once_one_wins_and_all_have_its_key()
    {
        using var start = new Barrier(8);
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TimeSpan.FromSeconds(30));
                return Convert.ToHexString(MasterKeyFile.OpenOrCreate(MasterPath));
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        keys.Distinct().Count().ShouldBe(1);
        Directory.GetFiles(_folder).ShouldBe([MasterPath]);
    }

    [Fact]
    public void A_maker_who_comes_too_late_leaves_the_winners_file_as_it_is()
    {
        PrivateFile.CreateUnlessThere(MasterPath, "the winner's");
        PrivateFile.CreateUnlessThere(MasterPath, "the other's");

        PrivateFile.Read(MasterPath).ShouldBe("the winner's");
        Directory.GetFiles(_folder).ShouldBe([MasterPath]);
    }

    [Fact]
    public void Another_master_key_does_not_open_a_signing_key()
    {
        SigningKey.OpenOrCreate(SigningPath, new byte[32]).Dispose();

        Should.Throw<KeyFileException>(() => SigningKey.OpenOrCreate(SigningPath, RandomNumberGenerator.GetBytes(32)))
            .Message.ShouldContain("does not open with this master key");
    }

    [Fact]
    public void A_key_file_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        MasterKeyFile.OpenOrCreate(MasterPath);
        foreach (var loose in new[] { UnixFileMode.GroupRead, UnixFileMode.OtherRead, UnixFileMode.GroupWrite, UnixFileMode.OtherWrite })
        {
            File.SetUnixFileMode(MasterPath, OwnerOnly | loose);

            Should.Throw<KeyFileException>(() => MasterKeyFile.OpenOrCreate(MasterPath)).Message.ShouldContain($"chmod 600 {MasterPath}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("usage-ledger sealed key v2\nAAAA\n")]
    [InlineData("usage-ledger sealed key v1\nAAAA\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n")]
    public void A_file_of_another_form_is_no_key(string content)
    {
        SigningKey.OpenOrCreate(SigningPath, new byte[32]).Dispose();
        File.WriteAllText(SigningPath, content);

        Should.Throw<KeyFileException>(() => SigningKey.OpenOrCreate(SigningPath, new byte[32]));
        File.Move(SigningPath, MasterPath);
        Should.Throw<KeyFileException>(() => MasterKeyFile.OpenOrCreate(MasterPath));
    }

    [Fact]
    public void A_sealed_key_that_was_changed_does_not_open()
    {
        SigningKey.OpenOrCreate(SigningPath, new byte[32]).Dispose();
        var lines = File.ReadAllText(SigningPath).Split('\n');
        var bytes = Convert.FromBase64String(lines[1]);
        bytes[^1] ^= 1;
        File.WriteAllText(SigningPath, $"{lines[0]}\n{Convert.ToBase64String(bytes)}\n");

        Should.Throw<KeyFileException>(() => SigningKey.OpenOrCreate(SigningPath, new byte[32]));
    }

    [Fact]
    public void A_private_key_never_stands_in_its_file_in_the_clear()
    {
        using var key = SigningKey.OpenOrCreate(SigningPath, new byte[32]);

        var content = Convert.FromBase64String(File.ReadAllText(SigningPath).Split('\n')[1]);
        content.AsSpan().IndexOf(key.Public.SubjectPublicKeyInfo.Span[^64..]).ShouldBe(-1);
    }

    [Fact]
    public void Only_P_256_keys_verify()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Should.Throw<CryptographicException>(() => VerifyingKey.FromSubjectPublicKeyInfo(other.ExportSubjectPublicKeyInfo()));
        Should.Throw<CryptographicException>(() => VerifyingKey.FromPem("no pem"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
