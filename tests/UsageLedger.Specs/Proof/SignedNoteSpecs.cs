using System.Security.Cryptography;
using System.Text;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

public sealed class SignedNoteSpecs : IDisposable
{
    private const string Origin = "ledger.example/log";
    private static readonly byte[] MasterKey = new byte[MasterKeyFile.KeyLength];

    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-note-").FullName;
    private readonly SigningKey _key;
    private readonly Checkpoint _checkpoint = new(Origin, 70_000, SHA256.HashData("root"u8));

    public SignedNoteSpecs() => _key = SigningKey.OpenOrCreate(Path.Combine(_folder, "signing.key"), MasterKey);

    private SignedNote Signed => SignedNote.Sign(_checkpoint.ToText(), Origin, _key);

    [Fact]
    public void A_checkpoint_is_three_lines() =>
        _checkpoint.ToText().ShouldBe($"ledger.example/log\n70000\n{Convert.ToBase64String(_checkpoint.RootHash.Span)}\n");

    [Fact]
    public void A_signed_checkpoint_comes_back_the_same_and_holds()
    {
        var read = SignedNote.Parse(Signed.ToString());

        read.Verify(Origin, _key.Public).ShouldBe(NoteVerdict.Genuine);
        read.Verify(Origin, VerifyingKey.FromPem(_key.PublicPem)).ShouldBe(NoteVerdict.Genuine);
        Checkpoint.Parse(read.Text).ShouldBe(_checkpoint);
        SignedNote.Parse(read.ToString()).ToString().ShouldBe(read.ToString());
    }

    [Fact]
    public void An_outsider_with_nothing_but_the_framework_can_check_it()
    {
        var note = Signed.ToString();
        var (text, line) = (note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)], note.TrimEnd('\n').Split('\n')[^1]);
        line.ShouldStartWith("\u2014 ledger.example/log ");
        var bytes = Convert.FromBase64String(line.Split(' ')[2]);
        using var key = ECDsa.Create();
        key.ImportFromPem(_key.PublicPem);

        key.VerifyData(Encoding.UTF8.GetBytes(text), bytes.AsSpan(4), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
        bytes[..4].ShouldBe(SHA256.HashData([.. Encoding.UTF8.GetBytes(Origin), 0x0A, 0x02, .. key.ExportSubjectPublicKeyInfo()])[..4]);
    }

    [Fact]
    public void A_changed_text_is_forged()
    {
        var note = Signed;

        (note with { Text = note.Text.Replace("70000", "70001", StringComparison.Ordinal) }).Verify(Origin, _key.Public).ShouldBe(NoteVerdict.Forged);
    }

    [Fact]
    public void A_changed_signature_is_forged()
    {
        var note = Signed;
        for (var at = 0; at < note.Signatures[0].Value.Length; at++)
        {
            var value = note.Signatures[0].Value.ToArray();
            value[at] ^= 1;

            (note with { Signatures = [note.Signatures[0] with { Value = value }] }).Verify(Origin, _key.Public).ShouldBe(NoteVerdict.Forged);
        }
    }

    [Fact]
    public void Signatures_of_other_keys_and_names_are_passed_over_but_prove_nothing()
    {
        using var other = SigningKey.OpenOrCreate(Path.Combine(_folder, "other.key"), MasterKey);
        var foreign = SignedNote.Sign(_checkpoint.ToText(), Origin, other);
        var both = Signed with { Signatures = [.. foreign.Signatures, .. Signed.Signatures] };

        foreign.Verify(Origin, _key.Public).ShouldBe(NoteVerdict.NotSigned);
        Signed.Verify("another.example/log", _key.Public).ShouldBe(NoteVerdict.NotSigned);
        both.Verify(Origin, _key.Public).ShouldBe(NoteVerdict.Genuine);
        (both with { Text = "other\n" }).Verify(Origin, _key.Public).ShouldBe(NoteVerdict.Forged);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n- name AAAAAAA=\n")]
    [InlineData("text\n\n\u2014 name AAAAAAA=")]
    [InlineData("text\n\n\u2014 name AAAAAAA=\n\n")]
    [InlineData("text\n\n\u2014 name AAAAAA==\n")]
    [InlineData("text\n\n\u2014 name AAAAAAB=\n")]
    [InlineData("text\n\n\u2014 name AAAA AAA=\n")]
    [InlineData("text\n\n\u2014 na+me AAAAAAA=\n")]
    [InlineData("text\n\n\u2014  AAAAAAA=\n")]
    [InlineData("text\n\n\u2014 AAAAAAA=\n")]
    [InlineData("te\txt\n\n\u2014 name AAAAAAA=\n")]
    [InlineData("text\r\n\r\n\u2014 name AAAAAAA=\r\n")]
    public void What_is_no_signed_note_is_refused(string note) => Should.Throw<NoteFormatException>(() => SignedNote.Parse(note));

    [Fact]
    public void Too_long_or_too_often_signed_is_refused()
    {
        var line = "\u2014 name AAAAAAA=\n";

        SignedNote.Parse("text\n\n" + string.Concat(Enumerable.Repeat(line, 16))).Signatures.Count.ShouldBe(16);
        Should.Throw<NoteFormatException>(() => SignedNote.Parse("text\n\n" + string.Concat(Enumerable.Repeat(line, 17))));
        Should.Throw<NoteFormatException>(() => SignedNote.Parse(new string('x', 140_000) + "\n\n" + line));
    }

    /// <summary>C2SP: at least 16 signatures, and those of post-quantum keys have nearly 5 kB.</summary>
    [Fact]
    public void Sixteen_signatures_of_five_kilobytes_are_not_too_long()
    {
        var line = $"\u2014 name {Convert.ToBase64String(new byte[4 + 5_000])}\n";

        SignedNote.Parse("text\n\n" + string.Concat(Enumerable.Repeat(line, 16))).Signatures.Count.ShouldBe(16);
    }

    [Fact]
    public void The_checkpoint_that_C2SP_gives_as_an_example_is_read()
    {
        var note = SignedNote.Parse(
            "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
            + "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n");

        Checkpoint.Parse(note.Text).ShouldSatisfyAllConditions(
            read => read.Origin.ShouldBe("example.com/behind-the-sofa"),
            read => read.Size.ShouldBe(20_852_163));
        note.Signatures.ShouldHaveSingleItem().KeyId.ShouldBe(0x033de0aeu);
        note.Verify("example.com/behind-the-sofa", _key.Public).ShouldBe(NoteVerdict.NotSigned, "Another kind of key is passed over, not refused.");
    }

    [Theory]
    [InlineData("origin\n1\n")]
    [InlineData("origin\n01\nR\n")]
    [InlineData("origin\n-1\nR\n")]
    [InlineData("origin\n\nR\n")]
    [InlineData("\n1\nR\n")]
    [InlineData("two words\n1\nR\n")]
    [InlineData("origin\n1\nR")]
    [InlineData("origin\n1\nR\nextension\n")]
    [InlineData("origin\n1\nAAAA\n")]
    [InlineData("origin\n1\n R\n")]
    public void What_is_no_checkpoint_is_refused(string text) =>
        Should.Throw<NoteFormatException>(() => Checkpoint.Parse(text.Replace("R", Convert.ToBase64String(new byte[32]), StringComparison.Ordinal)));

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
