using UsageLedger.EventLog.Appending;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>Decisions see the state in force: the first event, and the latest about it.</summary>
public sealed class KnownStateSpecs
{
    private static readonly Func<KnownEvent, Decision> Tell = known => new Decision($"{known.First.Position} {known.Latest?.Position}");

    [Fact]
    public async Task What_is_not_known_is_missing()
    {
        await using var log = await SpecLog.OpenAsync();

        (await log.Appender().AppendAsync(Appends.Of(Appends.About("a", Tell)), default)).Items.ShouldBe([new("missing", 0, 0)]);

        (await log.HeadAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_decision_is_given_the_first_event_and_the_latest_about_it()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Appends.Of(Appends.Item("a"), Appends.Item("b")), default);
        await appender.AppendAsync(Appends.Of(Revise("a", "a2")), default);
        await appender.AppendAsync(Appends.Of(Revise("a", "a3")), default);
        KnownEvent? seen = null;

        await log.Appender("other").AppendAsync(Appends.Of(Appends.About("a", known => Keep(known, out seen))), default);

        seen!.First.ShouldBe((await log.Reader.AtAsync("acme", 1, default))!);
        seen.Current.ShouldBe((await log.Reader.AtAsync("acme", 4, default))!);
        seen.Latest!.Data.ToString().ShouldBe("""{"key":"a3"}""");
    }

    [Fact]
    public async Task Within_one_group_a_decision_sees_what_came_before_it()
    {
        await using var log = await SpecLog.OpenAsync();

        var outcomes = await log.Groups().RunAsync(
        [
            Appends.Of(Appends.Item("a"), Appends.About("a", Tell)),
            Appends.Of(Revise("a", "a2"), Appends.About("a", Tell)),
            Appends.Of(new AppendItem(Appends.Id("a3"), Appends.Event("a3", about: "a")), Appends.About("a", Tell)),
        ]);

        outcomes.SelectMany(outcome => outcome.Verdicts()).ShouldBe(["accepted", "1 ", "revised", "1 2", "accepted", "1 3"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    public async Task Within_a_group_of_any_size_a_decision_sees_what_the_log_knew(int others)
    {
        await using var log = await SpecLog.OpenAsync();
        var groups = log.Groups();
        await groups.RunAsync([Appends.Of(Appends.Item("a"), Appends.Item("b")), Appends.Of(Revise("a", "a2"))]);

        var outcomes = await groups.RunAsync(
        [
            Appends.Many("k", others),
            Appends.Of(Appends.About("a", Tell, Appends.Event("a")), Appends.About("b", Tell), Revise("b", "b2"), Appends.About("b", Tell)),
        ]);

        outcomes[1].Verdicts().ShouldBe(["1 3", "2 ", "revised", $"2 {others + 4}"]);
    }

    [Fact]
    public async Task The_position_answered_is_that_of_the_state_in_force()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Appends.Of(Appends.Item("a")), default);

        var revised = await appender.AppendAsync(Appends.Of(Revise("a", "a2")), default);
        var conflict = await appender.AppendAsync(Appends.Of(Appends.About("a", _ => new Decision("conflict"))), default);

        revised.Items.ShouldBe([new("revised", 2, 1)]);
        conflict.Items.ShouldBe([new("conflict", 2, 0)]);
    }

    [Fact]
    public async Task A_decision_may_append_to_a_stream_that_the_request_does_not_name()
    {
        await using var log = await SpecLog.OpenAsync();
        var groups = log.Groups();
        await groups.RunAsync([Appends.Of(Appends.Item("a"), Appends.Item("x", "elsewhere"))]);

        await log.Groups("other").RunAsync([Appends.Of(Appends.Item("y", "third"), Move("a"), Appends.Item("z", "third"))]);

        (await log.RowsAsync("select stream_id, version from ledger.mt_events where seq_id > 2 order by seq_id"))
            .ShouldBe(["third 1", "s 2", "elsewhere 2", "nowhere 1", "third 2"]);
        (await log.RowsAsync("select id, version from ledger.mt_streams order by id")).ShouldBe(["elsewhere 2", "nowhere 1", "s 2", "third 2"]);
    }

    [Fact]
    public async Task A_decision_may_append_to_a_stream_that_is_remembered_and_to_one_that_is_not()
    {
        await using var log = await SpecLog.OpenAsync();
        var groups = log.Groups();
        await groups.RunAsync([Appends.Of(Appends.Item("a"))]);
        await groups.RunAsync([Appends.Of(Appends.Item("x", "elsewhere"))]);

        await groups.RunAsync([Appends.Of(Move("a"))]);

        (await log.RowsAsync("select stream_id, version from ledger.mt_events where seq_id > 2 order by seq_id")).ShouldBe(["s 2", "elsewhere 2", "nowhere 1"]);
    }

    private static Decision Keep(KnownEvent known, out KnownEvent seen)
    {
        seen = known;
        return new Decision("kept");
    }

    private static AppendItem Revise(string key, string revision) =>
        Appends.About(key, _ => new Decision("revised", Appends.Event(revision, type: "usage_revised", about: key)));

    private static AppendItem Move(string key) => Appends.About(key, _ => new Decision(
        "moved", Appends.Event("m1", about: key), Appends.Event("m2", "elsewhere", about: key), Appends.Event("m3", "nowhere", about: key)));
}
