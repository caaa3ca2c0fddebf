using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Embedded;

public sealed class BinaryChoiceSpecs
{
    private static readonly PostgresBinaries Old = new("/old", 13);
    private static readonly PostgresBinaries Fifteen = new("/15", 15);
    private static readonly PostgresBinaries Seventeen = new("/17", 17);

    [Fact]
    public void The_path_comes_before_what_is_installed_elsewhere() =>
        BinaryChoice.Of([Fifteen], [Seventeen], dataMajor: null).ShouldBe(Fifteen);

    [Fact]
    public void Of_what_is_installed_the_highest_version_is_taken() =>
        BinaryChoice.Of([], [Fifteen, Seventeen, Old], dataMajor: null).ShouldBe(Seventeen);

    [Fact]
    public void A_version_too_old_is_passed_over() =>
        BinaryChoice.Of([Old], [Fifteen], dataMajor: null).ShouldBe(Fifteen);

    [Fact]
    public void Data_picks_its_own_version_wherever_it_is() =>
        BinaryChoice.Of([Fifteen], [Old, Seventeen], dataMajor: 17).ShouldBe(Seventeen);

    [Fact]
    public void Data_takes_no_other_version_than_its_own() =>
        BinaryChoice.Of([Fifteen], [Seventeen], dataMajor: 16).ShouldBeNull();

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15)]
    [InlineData("postgres (PostgreSQL) 18.4", 18)]
    [InlineData("postgres (PostgreSQL) 19beta1", 19)]
    public void The_major_version_is_read_from_what_the_program_says(string said, int major) =>
        PostgresBinaries.MajorOf(said).ShouldBe(major);

    [Fact]
    public void A_program_that_says_something_else_is_no_postgres() => PostgresBinaries.MajorOf("usage: postgres").ShouldBeNull();

    [Fact]
    public void A_link_on_the_path_leads_to_where_the_programs_lie_together()
    {
        var dir = new DataDir();
        Directory.CreateDirectory(dir.In("real"));
        Directory.CreateDirectory(dir.In("links"));
        File.WriteAllText(dir.In("real/initdb"), "");
        File.CreateSymbolicLink(dir.In("links/initdb"), dir.In("real/initdb"));

        BinaryPlaces.OnPath($"/nowhere:{dir.In("links")}").ShouldBe([dir.In("real")]);
    }
}
