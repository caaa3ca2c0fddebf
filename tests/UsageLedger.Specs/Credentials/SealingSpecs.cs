using System.Text;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Credentials;

public sealed class SealingSpecs
{
    private const string Secret = "key_planted_7c1f";

    private static readonly MasterKey Master = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly MasterKey Next = new([.. Enumerable.Range(32, 32).Select(i => (byte)i)]);
    private static readonly Dictionary<string, string> Values = new() { ["apiKey"] = Secret };

    private readonly SealedCredential made = SealedCredential.Seal(Guid.NewGuid(), "acme", "retell-main", Values, Master);

    [Fact]
    public void What_is_sealed_opens_under_its_master_key() => made.Open(Master).Values.ShouldBe(Values);

    [Fact]
    public void It_opens_under_no_other() => Should.Throw<KeyFileException>(() => made.Open(Next)).ToString().ShouldNotContain(Secret);

    [Fact]
    public void It_opens_in_no_other_place()
    {
        Should.Throw<KeyFileException>(() => (made with { Tenant = "other" }).Open(Master));
        Should.Throw<KeyFileException>(() => (made with { SourceId = "other" }).Open(Master));
        Should.Throw<KeyFileException>(() => (made with { Id = Guid.NewGuid() }).Open(Master));
    }

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        for (var at = 0; at < made.Values.Length; at++)
        {
            var changed = made.Values.ToArray();
            changed[at] ^= 1;
            Should.Throw<KeyFileException>(() => (made with { Values = changed }).Open(Master));
        }

        Should.Throw<KeyFileException>(() => (made with { Key = [] }).Open(Master));
    }

    [Fact]
    public void Under_another_master_key_the_values_are_the_same_and_were_not_touched()
    {
        var resealed = made.Resealed(Master, Next);

        resealed.Open(Next).Values.ShouldBe(Values);
        resealed.Values.ShouldBeSameAs(made.Values);
        Should.Throw<KeyFileException>(() => resealed.Open(Master));
    }

    [Fact]
    public void Two_seals_of_one_secret_have_nothing_in_common() =>
        SealedCredential.Seal(made.Id, "acme", "retell-main", Values, Master).Values.ShouldNotBe(made.Values);

    [Fact]
    public void Nothing_prints_a_secret()
    {
        var set = new SetCredential("acme", "retell-main", new Uri("https://api.retellai.com"), Values, 0, "c");
        var texts = new object[] { made, made.Open(Master), set, Master, new KeyFileException("x") }.Select(one => $"{one}");

        texts.ShouldAllBe(text => !text.Contains(Secret, StringComparison.Ordinal));
        Encoding.UTF8.GetString(made.Values).ShouldNotContain(Secret);
    }
}
