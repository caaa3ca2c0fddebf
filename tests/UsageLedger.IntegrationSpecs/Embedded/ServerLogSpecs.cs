using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Embedded;

public sealed class ServerLogSpecs
{
    private readonly string _log = new DataDir().In("pg.log");

    [Fact]
    public void A_log_over_its_limit_is_moved_aside_and_its_writer_goes_on_in_an_empty_one()
    {
        using var server = new FileStream(_log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        server.Write("twelve bytes"u8);
        server.Flush();

        ServerLog.Bound(_log, bytesMax: 11);

        new FileInfo(_log).Length.ShouldBe(0);
        File.ReadAllText(_log + ".1").ShouldBe("twelve bytes");
    }

    [Fact]
    public void A_log_within_its_limit_is_left_alone()
    {
        File.WriteAllText(_log, "twelve bytes");
        ServerLog.Bound(_log, bytesMax: 12);
        File.ReadAllText(_log).ShouldBe("twelve bytes");
    }

    [Fact]
    public void Its_last_lines_are_quoted_and_no_more_than_that()
    {
        File.WriteAllLines(_log, Enumerable.Range(1, 10_000).Select(line => $"line {line}"));
        ServerLog.Tail(_log).Split('\n').ShouldBe(Enumerable.Range(9_981, 20).Select(line => $"line {line}"));
    }

    [Fact]
    public void Only_what_was_written_since_is_quoted()
    {
        File.WriteAllText(_log, "before\n");
        var before = ServerLog.Length(_log);
        File.AppendAllText(_log, "after\n");
        ServerLog.Tail(_log, before).ShouldBe("after");
    }

    [Fact]
    public void No_log_yet_is_an_empty_one()
    {
        ServerLog.Length(_log).ShouldBe(0);
        ServerLog.Tail(_log).ShouldBe("");
        ServerLog.Bound(_log);
    }
}
