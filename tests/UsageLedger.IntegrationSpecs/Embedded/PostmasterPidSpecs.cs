using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Embedded;

public sealed class PostmasterPidSpecs
{
    [Fact]
    public void Process_start_and_port_are_read() =>
        PostmasterPid.Parse("4168\n/var/pg\n1795234567\n40123\n\n127.0.0.1\n  123 4\nready   \n")
            .ShouldBe(new PostmasterPid(4168, 1_795_234_567, 40_123));

    [Fact]
    public void A_file_still_being_written_has_no_port_yet() =>
        PostmasterPid.Parse("4168\n/var/pg\n").ShouldBe(new PostmasterPid(4168, 0, 0));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("-17\n/var/pg\n")]
    [InlineData("99999999999\n")]
    [InlineData("four\n")]
    public void What_names_no_postmaster_is_none(string text) => PostmasterPid.Parse(text).ShouldBeNull();
}
