using UsageLedger.EventLog.Projecting;
using UsageLedger.Host.Health;

namespace UsageLedger.Specs.Web;

public sealed class ProjectionReadinessSpecs
{
    [Fact]
    public void A_stopped_read_model_is_told_with_its_position_and_what_to_do()
    {
        var check = ProjectionReadiness.Of(new ProjectionStatus("usage_buckets", 40, 3, "stopped", 41, "a text that may hold anything"));

        check.Status.ShouldBe("degraded");
        check.Reason.ShouldBe("Stopped at position 41; mend the cause, then run 'ledger projections resume usage_buckets'.");
    }

    [Theory]
    [InlineData(100_000, "ready")]
    [InlineData(100_001, "degraded")]
    public void A_read_model_is_late_beyond_the_bound_and_not_before(long lag, string status)
    {
        var check = ProjectionReadiness.Of(new ProjectionStatus("usage_buckets", 40, lag, "running", null, null));

        check.Status.ShouldBe(status);
        (check.Reason is null).ShouldBe(status == "ready");
    }

    [Theory]
    [InlineData(60, "ready")]
    [InlineData(61, "degraded")]
    public void A_read_model_that_does_not_move_while_an_event_waits_is_late_after_a_minute(long seconds, string status)
    {
        var check = ProjectionReadiness.Of(new ProjectionStatus("usage_buckets", 40, 1, "running", null, null, seconds));

        check.Status.ShouldBe(status);
        (check.Reason?.Contains("61 s", StringComparison.Ordinal) ?? false).ShouldBe(status == "degraded");
    }
}
