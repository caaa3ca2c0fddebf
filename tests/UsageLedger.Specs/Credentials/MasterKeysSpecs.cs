using UsageLedger.Credentials;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Credentials;

/// <summary>A master key is made once; what it sealed is opened by it or by nothing.</summary>
public sealed class MasterKeysSpecs
{
    [Fact]
    public void A_master_key_that_was_here_and_is_gone_is_not_made_anew()
    {
        var folder = Directory.CreateTempSubdirectory("keys-");
        var (file, aside) = (Path.Combine(folder.FullName, "master.key"), Path.Combine(folder.FullName, "aside"));
        var keys = new MasterKeys(file);
        var made = keys.Current();
        File.Move(file, aside);

        Should.Throw<KeyFileException>(keys.Current).Message.ShouldContain("Bring it back");
        Should.Throw<KeyFileException>(() => keys.Find("not met yet"));
        File.Exists(file).ShouldBeFalse();

        File.Move(aside, file);
        keys.Current().Id.ShouldBe(made.Id);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Where_none_may_be_made_none_is()
    {
        var folder = Directory.CreateTempSubdirectory("keys-");

        Should.Throw<KeyFileException>(new MasterKeys(Path.Combine(folder.FullName, "master.key"), "sealed elsewhere").Current).Message.ShouldBe("sealed elsewhere");
        folder.EnumerateFileSystemInfos().ShouldBeEmpty();
        folder.Delete(recursive: true);
    }
}
