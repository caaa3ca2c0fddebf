namespace UsageLedger.Specs.Recording;

/// <summary>The names of a usage record's members.</summary>
public sealed class MemberNameSpecs
{
    [Theory]
    [InlineData("unitcost", "/unitcost unknown_member")]
    [InlineData("idempotencykey", "/idempotencykey unknown_member")]
    [InlineData("tenant", "/tenant unknown_member")]
    [InlineData("", "/ unknown_member")]
    [InlineData("a/b~", "/a~1b~0 unknown_member")]
    [InlineData("\\ud800", " invalid_unicode")]
    public void A_member_of_unknown_name_is_refused_so_that_a_typo_loses_nothing(string name, string problem)
    {
        Bodies.Problems(Bodies.With(name, "\"1\"")).ShouldBe([problem]);
        Bodies.Problems(Bodies.With(name, "[{\"deep\":[1]}]")).ShouldBe([problem]);
    }

    [Fact]
    public void A_member_misspelt_only_in_case_is_told_its_right_name() =>
        Bodies.Json(Bodies.With("unitcost", "1")).Items[0].Problems[0].Message.ShouldContain("send unitCost.");

    [Fact]
    public void A_name_may_be_written_with_escapes() =>
        Bodies.Taken(Bodies.With("client\\u0049d", "\"contoso\"")).ClientId.ShouldBe("contoso");
}
