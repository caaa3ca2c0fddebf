using UsageLedger.Answering;

namespace UsageLedger.Specs.Web;

public sealed class CursorSpecs
{
    [Fact]
    public void A_cursor_names_the_place_it_was_made_of() =>
        Cursor.Read(Cursor.Of("2026-10-01T00:00:00Z", "größe/±"), 2).ShouldBe(["2026-10-01T00:00:00Z", "größe/±"]);

    [Fact]
    public void A_cursor_with_any_character_changed_or_lost_is_refused()
    {
        var cursor = Cursor.Of("some", "place");

        for (var at = 0; at < cursor.Length - 1; at++)
        {
            var other = cursor[at] == 'A' ? 'B' : 'A';
            Cursor.Read(cursor[..at] + other + cursor[(at + 1)..], 2).ShouldBeNull($"changed at {at}");
            Cursor.Read(cursor[..at], 2).ShouldBeNull($"cut at {at}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not base64!")]
    [InlineData("AAAAAAAAAAAA")]
    public void What_is_no_cursor_is_refused(string text) => Cursor.Read(text, 1).ShouldBeNull();

    [Fact]
    public void A_cursor_of_another_list_is_refused() => Cursor.Read(Cursor.Of("one"), 2).ShouldBeNull();
}
