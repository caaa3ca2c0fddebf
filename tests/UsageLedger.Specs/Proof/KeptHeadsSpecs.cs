using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Verifying;

namespace UsageLedger.Specs.Proof;

public sealed class KeptHeadsSpecs : IDisposable
{
    private const string TooLarge = "2026-11-01-0000000000000000005.txt";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kept-heads");

    [Fact]
    public async Task A_file_that_is_too_large_for_a_head_is_named_and_ends_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, TooLarge), new string('x', 129 * 1024));
        var heads = new KeptHeads(folder.FullName);

        var (file, note) = (await heads.AllAsync(default)).ShouldHaveSingleItem();
        file.ShouldBe(TooLarge);
        new KeptCheckpoint(file, note).IsEmpty.ShouldBeFalse("verify passes empty files over, and must name this one");
        (await heads.LatestAsync(default)).ShouldBeNull();
    }

    /// <summary>A link that leads nowhere is there when files are listed, and gone when it is read.</summary>
    [Fact]
    public async Task A_file_that_is_gone_before_it_is_read_ends_nothing()
    {
        File.CreateSymbolicLink(Path.Combine(folder.FullName, TooLarge), Path.Combine(folder.FullName, "gone"));
        var heads = new KeptHeads(folder.FullName);

        (await heads.AllAsync(default)).ShouldBeEmpty();
        (await heads.LatestAsync(default)).ShouldBeNull();
    }

    public void Dispose() => folder.Delete(true);
}
