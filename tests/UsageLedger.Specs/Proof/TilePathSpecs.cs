using FsCheck;
using FsCheck.Fluent;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

public sealed class TilePathSpecs
{
    [Theory]
    [InlineData("0/000", 0, 0, 256)]
    [InlineData("0/067", 0, 67, 256)]
    [InlineData("3/x001/x234/067", 3, 1_234_067, 256)]
    [InlineData("0/x001/000.p/1", 0, 1_000, 1)]
    [InlineData("63/999.p/255", 63, 999, 255)]
    public void A_path_is_read_and_written_in_its_one_form(string text, int level, long index, int width)
    {
        TilePath.TryParse(text, out var path).ShouldBeTrue();
        path.ShouldBe(new TilePath(level, index, width));
        path.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0/")]
    [InlineData("/000")]
    [InlineData("00/000")]
    [InlineData("64/000")]
    [InlineData("-1/000")]
    [InlineData("+1/000")]
    [InlineData("0/0")]
    [InlineData("0/67")]
    [InlineData("0/0067")]
    [InlineData("0/1234")]
    [InlineData("0/06a")]
    [InlineData("0/06\0")]
    [InlineData("0/ 67")]
    [InlineData("0/x067")]
    [InlineData("0/001/067")]
    [InlineData("0/x000/067")]
    [InlineData("0/x001/x067")]
    [InlineData("0/x001/67")]
    [InlineData("0/X001/067")]
    [InlineData("0/x001//067")]
    [InlineData("0/x001/067/")]
    [InlineData("0/067.p")]
    [InlineData("0/067.p/")]
    [InlineData("0/067.p/0")]
    [InlineData("0/067.p/01")]
    [InlineData("0/067.p/256")]
    [InlineData("0/067.p/5/")]
    [InlineData("0/067.p/5.p/5")]
    [InlineData("0.p/5")]
    [InlineData("0/x001/x001/x001/x001/x001/x001/001")]
    [InlineData("0/000\n")]
    [InlineData("0/\u0660\u0661\u0662")]
    [InlineData("entries/000")]
    public void Anything_else_is_refused(string? text) => TilePath.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Every_path_that_is_written_is_read_back() =>
        Prop.ForAll(
            (from level in Gen.Choose(0, 63)
             from high in Gen.Choose(0, 999_999_999)
             from low in Gen.Choose(0, 999_999_999)
             from width in Gen.Choose(1, 256)
             from shift in Gen.Elements(1L, 1_000, 1_000_000, 1_000_000_000_000, 1_000_000_000_000_000_000)
             select new TilePath(level, ((high * 1_000_000_000L) + low) / shift, width)).ToArbitrary(),
            path => TilePath.TryParse(path.ToString(), out var read) && read == path).QuickCheckThrowOnFailure();
}
