namespace UsageLedger.Specs.House;

public sealed class SecretRulesSpecs
{
    /// <summary>The simulators stand in for vendors, and guard nothing.</summary>
    [Fact]
    public void Secrets_are_compared_in_constant_time() =>
        Repository.Sources.Where(source => !source.Path.StartsWith("src/UsageLedger.Simulators/", StringComparison.Ordinal))
            .SelectMany(SecretRules.PlainComparisons).ShouldBeEmpty();

    [Theory]
    [InlineData("if (secret == given) return;", true)]
    [InlineData("return given != key.Secret;", true)]
    [InlineData("return digest.AsSpan().SequenceEqual(expected);", true)]
    [InlineData("return webhookSecret.Equals(given);", true)]
    [InlineData("if (secret == null) return;", false)]
    [InlineData("if (digest.Length != 20) return;", false)]
    [InlineData("return CryptographicOperations.FixedTimeEquals(digest, expected);", false)]
    public void A_plain_comparison_is_found(string code, bool found) =>
        SecretRules.PlainComparisons(CSharpText.Of("src/A.cs", $"class A {{ void B() {{ {code} }} }}")).Any().ShouldBe(found);
}
