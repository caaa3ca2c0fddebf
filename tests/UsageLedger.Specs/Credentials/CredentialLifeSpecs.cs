using NodaTime;
using UsageLedger.Credentials;

namespace UsageLedger.Specs.Credentials;

public sealed class CredentialLifeSpecs
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 10, 5, 12, 0);

    [Fact]
    public void The_newest_counts_without_end()
    {
        var life = Lives((0, 0))[0];

        (life.ExpiresAt, life.CountsAt(Noon + Duration.FromDays(9_000))).ShouldBe((null, true));
    }

    [Fact]
    public void The_one_before_counts_until_the_grace_of_the_newer_ends()
    {
        var old = Lives((60, 30), (0, 0))[1];

        old.ExpiresAt.ShouldBe(Noon + Duration.FromSeconds(90));
        old.CountsAt(Noon + Duration.FromSeconds(90) - Duration.FromTicks(1)).ShouldBeTrue();
        old.CountsAt(Noon + Duration.FromSeconds(90)).ShouldBeFalse();
    }

    [Fact]
    public void Without_a_grace_it_ends_at_once() => Lives((60, 0), (0, 0))[1].CountsAt(Noon + Duration.FromSeconds(60)).ShouldBeFalse();

    [Fact]
    public void A_later_grace_does_not_bring_back_what_has_ended() =>
        Lives((120, 3600), (60, 10), (0, 0)).Select(life => life.ExpiresAt).ShouldBe(
            [null, Noon + Duration.FromSeconds(3720), Noon + Duration.FromSeconds(70)]);

    [Fact]
    public void A_later_end_is_cut_by_one_without_grace() =>
        Lives((120, 0), (60, 3600), (0, 0)).Select(life => life.ExpiresAt).ShouldBe(
            [null, Noon + Duration.FromSeconds(120), Noon + Duration.FromSeconds(120)]);

    private static IReadOnlyList<CredentialLife> Lives(params (int AfterSeconds, int GraceSeconds)[] set) =>
        CredentialLife.Of(set.Select(one => new CredentialStart(Guid.NewGuid(), Noon + Duration.FromSeconds(one.AfterSeconds), one.GraceSeconds, one.AfterSeconds + 1)));
}
