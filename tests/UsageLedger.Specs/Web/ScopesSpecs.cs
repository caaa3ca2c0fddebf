using UsageLedger.Access;

namespace UsageLedger.Specs.Web;

public sealed class ScopesSpecs
{
    [Fact]
    public void A_scope_allows_itself_alone() =>
        Enum.GetValues<Scope>().Where(scope => Scopes.Read(["query"], out _).Allow(scope)).ShouldBe([Scope.Query]);

    [Fact]
    public void Admin_allows_everything()
    {
        var admin = Scopes.Read(["admin"], out _);
        Enum.GetValues<Scope>().ShouldAllBe(scope => admin.Allow(scope));
    }

    [Fact]
    public void No_scope_allows_nothing() => Enum.GetValues<Scope>().ShouldAllBe(scope => !default(Scopes).Allow(scope));

    [Fact]
    public void Names_are_read_as_they_are_written()
    {
        Scopes.Read(["audit", "ingest", "audit"], out var unknown).Names.ShouldBe(["ingest", "audit"]);
        unknown.ShouldBeNull();
    }

    [Theory]
    [InlineData("Ingest")]
    [InlineData("all")]
    [InlineData("")]
    public void An_unknown_name_is_named(string name)
    {
        Scopes.Read(["ingest", name], out var unknown);
        unknown.ShouldBe(name);
    }
}
