using System.Text;
using NodaTime.Text;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

public sealed class LogEntrySpecs
{
    private static readonly StoredEvent Stored = new(
        Position: 42,
        Id: Guid.Parse("0198A0B1-C2D3-8E4F-9A0B-1C2D3E4F5A6B"),
        Tenant: "acme",
        Stream: "client-con\"toso",
        Version: 7,
        Type: "usage_recorded",
        RecordedAt: InstantPattern.ExtendedIso.Parse("2026-10-31T23:00:00.1234567Z").Value,
        CorrelationId: "c-1",
        Data: CanonicalJsonReader.Canonicalise("""{"quantity": "1.5"}"""u8));

    [Fact]
    public void An_entry_holds_nine_members_in_order() => Write(Stored).ShouldBe(
        """{"correlationId":"c-1","data":{"quantity":"1.5"},"id":"0198a0b1-c2d3-8e4f-9a0b-1c2d3e4f5a6b","position":42,"""
        + """ "stream":"client-con\"toso","tenant":"acme","timestamp":"2026-10-31T23:00:00.123456Z","type":"usage_recorded","version":7}""".TrimStart());

    [Fact]
    public void An_entry_is_canonical_JSON()
    {
        var entry = Write(Stored with { CorrelationId = "tab\t\u00e9", Tenant = "\U0001F600" });

        CanonicalJsonReader.Canonicalise(Encoding.UTF8.GetBytes(entry)).ToString().ShouldBe(entry);
    }

    [Theory]
    [InlineData("2026-10-31T23:00:00.1234567Z", "2026-10-31T23:00:00.123456Z")]
    [InlineData("2026-10-31T23:00:00.0000009Z", "2026-10-31T23:00:00Z")]
    [InlineData("1969-12-31T23:59:59.9999995Z", "1969-12-31T23:59:59.999999Z")]
    public void A_timestamp_is_cut_to_the_microsecond_before_it(string recordedAt, string timestamp) =>
        Write(Stored with { RecordedAt = InstantPattern.ExtendedIso.Parse(recordedAt).Value }).ShouldContain($"\"timestamp\":\"{timestamp}\"");

    [Fact]
    public void No_correlation_is_null() => Write(Stored with { CorrelationId = null }).ShouldStartWith("""{"correlationId":null,"data":""");

    [Fact]
    public void The_longest_entry_fits_the_length_promised()
    {
        var worst = new string('\u0001', 300);
        var stored = Stored with
        {
            Position = long.MaxValue, Version = long.MaxValue, Tenant = worst, Stream = worst, Type = worst, CorrelationId = worst,
        };

        Write(stored).Length.ShouldBeGreaterThan(4 * 6 * 300);
    }

    [Fact]
    public void A_prefixed_entry_hashes_to_the_leaf_of_the_entry()
    {
        var prefixed = new byte[LogEntry.MaxLength(Stored)];
        var length = LogEntry.WritePrefixed(
            prefixed, Stored.Position, Stored.Tenant, Stored.Id, Stored.Stream, Stored.Version, Stored.Type,
            Stored.RecordedAt, Stored.CorrelationId, Stored.Data.Utf8.Span);
        var (atOnce, copied) = (new byte[TreeHasher.HashLength], new byte[TreeHasher.HashLength]);
        TreeHasher.PrefixedLeaf(prefixed.AsSpan(0, length), atOnce);
        TreeHasher.Leaf(prefixed.AsSpan(1, length - 1), copied);

        atOnce.ShouldBe(ReferenceTree.LeafHash(Encoding.UTF8.GetBytes(Write(Stored))));
        copied.ShouldBe(atOnce);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1_022)]
    [InlineData(1_023)]
    [InlineData(1_024)]
    [InlineData(100_000)]
    public void A_leaf_of_any_length_is_hashed_with_its_prefix(int length)
    {
        var entry = new byte[length];
        Array.Fill(entry, (byte)'e');
        var hash = new byte[TreeHasher.HashLength];
        TreeHasher.Leaf(entry, hash);

        hash.ShouldBe(ReferenceTree.LeafHash(entry));
    }

    [Fact]
    public void A_hash_that_has_no_room_spoils_no_later_one()
    {
        var entry = "entry"u8.ToArray();
        Should.Throw<ArgumentOutOfRangeException>(() => TreeHasher.Leaf(entry, new byte[TreeHasher.HashLength - 1]));
        Should.Throw<ArgumentOutOfRangeException>(() => TreeHasher.PrefixedLeaf(entry, new byte[TreeHasher.HashLength - 1]));
        var hash = new byte[TreeHasher.HashLength];
        TreeHasher.Leaf(entry, hash);

        hash.ShouldBe(ReferenceTree.LeafHash(entry));
    }

    private static string Write(StoredEvent stored)
    {
        var buffer = new byte[LogEntry.MaxLength(stored)];
        return Encoding.UTF8.GetString(buffer.AsSpan(0, LogEntry.Write(buffer, stored)));
    }
}
