using Microsoft.AspNetCore.Http;
using UsageLedger.Answering;

namespace UsageLedger.Specs.Web;

public sealed class BodyShareSpecs
{
    private static readonly BodyShare Acme = new("acme", 70);

    [Fact]
    public void A_refused_body_takes_no_room()
    {
        var room = new BodyRoom(100);
        using var held = room.Enter(new DefaultHttpContext(), Acme);
        held.TryHold(60).ShouldBeTrue();
        using var refused = room.Enter(new DefaultHttpContext(), Acme);

        refused.TryHold(11).ShouldBeFalse("beyond the share");
        held.TryHold(101).ShouldBeFalse("beyond the room");

        room.HeldBytes.ShouldBe(60);
        refused.TryHold(10).ShouldBeTrue();
        using var other = room.Enter(new DefaultHttpContext(), Acme with { Of = "globex" });
        other.TryHold(31).ShouldBeFalse();
        other.TryHold(30).ShouldBeTrue();
    }

    [Fact]
    public void A_body_takes_of_each_of_its_shares_and_gives_back_to_each()
    {
        var room = new BodyRoom(100);
        BodyRoom.Place Enter(string source) => room.Enter(new DefaultHttpContext(), new($"acme/{source}", 40), Acme);
        using (var one = Enter("one"))
        {
            using var two = Enter("two");
            one.TryHold(40).ShouldBeTrue();
            one.TryHold(41).ShouldBeFalse("beyond the source's share");
            two.TryHold(31).ShouldBeFalse("beyond the tenant's share");
            two.TryHold(30).ShouldBeTrue();
        }

        room.HeldBytes.ShouldBe(0);
        using var later = Enter("one");
        later.TryHold(40).ShouldBeTrue();
    }
}
