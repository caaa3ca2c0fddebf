using System.Net;
using System.Text;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Host.Demo;

/// <summary>Proves one record to somebody who trusts a public key and nothing else.</summary>
internal static class ProofStep
{
    private const int ShownChars = 96;

    /// <summary>The position of the record proven.</summary>
    public static async Task<long> RunAsync(DemoRun run, CancellationToken ct)
    {
        var record = run.Usage.Priced[run.Usage.Priced.Count / 2];
        var position = (await run.Collector.PostAsync("/v1/usage", record.Body(), ct)).Expect(HttpStatusCode.OK).Position;
        run.Page.Heading($"Proof that {record.IdempotencyKey} is in the log, checked here, without the server's word");
        var proof = (await run.Office.GetAsync($"/v1/ledger/events/{position}/proof", ct)).Expect(HttpStatusCode.OK).Json;
        var keys = (await run.Office.GetAsync("/v1/ledger/public-key", ct)).Expect(HttpStatusCode.OK).Text;

        var entry = proof.GetProperty("entry").GetBytesFromBase64();
        var leaf = new byte[TreeHasher.HashLength];
        TreeHasher.Leaf(entry, leaf);
        var path = proof.GetProperty("path").EnumerateArray().Select(hash => Convert.FromHexString(hash.GetString()!)).ToList();
        var note = SignedNote.Parse(proof.GetProperty("checkpoint").GetString()!);
        var checkpoint = Checkpoint.Parse(note.Text);
        using var key = VerifyingKey.FromPem(keys);

        run.Page.Line($"entry      {Encoding.UTF8.GetString(entry)[..ShownChars]}...");
        run.Page.Line($"leaf hash  {Convert.ToHexStringLower(leaf)}");
        run.Page.Line($"root       {Convert.ToHexStringLower(checkpoint.RootHash.Span)}, signed, of {checkpoint.Size:N0} events");
        run.Check(note.Verify(checkpoint.Origin, key) == NoteVerdict.Genuine, $"the checkpoint of '{checkpoint.Origin}' is signed by the ledger's key");
        run.Check(
            InclusionProof.Verify(leaf, position - 1, checkpoint.Size, path, checkpoint.RootHash.Span),
            $"{path.Count} hashes lead from this entry, at position {position}, to that root");
        return position;
    }
}
