using UsageLedger.Access;

namespace UsageLedger.Specs.Web;

public sealed class KeySecretSpecs
{
    [Fact]
    public void A_secret_is_256_random_bits_behind_its_prefix()
    {
        var secret = KeySecret.New();

        secret.ShouldMatch("^ulk_[A-Za-z0-9_-]{43}$");
        secret.ShouldNotBe(KeySecret.New());
        KeySecret.IsWellFormed(secret).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("ulk_")]
    [InlineData("ulk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ULK_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ulk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("ulk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    public void What_no_key_looks_like_is_not_asked_for(string text) => KeySecret.IsWellFormed(text).ShouldBeFalse();

    [Theory]
    [InlineData("acme", true)]
    [InlineData("a-1", true)]
    [InlineData("", false)]
    [InlineData("Acme", false)]
    [InlineData("a_b", false)]
    [InlineData("a/b", false)]
    public void A_tenant_is_lower_case_letters_digits_and_hyphens(string name, bool valid) => TenantName.IsValid(name).ShouldBe(valid);

    [Fact]
    public void A_tenant_has_at_most_63_characters()
    {
        TenantName.IsValid(new string('a', 63)).ShouldBeTrue();
        TenantName.IsValid(new string('a', 64)).ShouldBeFalse();
    }
}
