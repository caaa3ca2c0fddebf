using System.Net;
using System.Text;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Host.Demo;

/// <summary>Proves one record to somebody who trusts a public key and nothing else.</summary>
internal static class ProofStep
{
    private const int ShownChars = 64;

    /// <summary>The position of the record proven.</summary>
    public static async Task<long> RunAsync(DemoRun run, CancellationToken ct)
    {
        var events = (await run.Office.GetAsync($"/v1/ledger/events?clientId={run.First.Id}&type={EventTypes.UsageRecorded}&limit=1", ct)).Expect(HttpStatusCode.OK).Json;
        var recorded = events.GetProperty("events")[0];
        var (position, key) = (recorded.GetProperty("position").GetInt64(), recorded.GetProperty("data").GetProperty("idempotencyKey").GetString());
        run.Page.Heading("Proof that a record is in the log, without the server's word");
        run.Page.Line($"record     {key}");
        var proof = (await run.Office.GetAsync($"/v1/ledger/events/{position}/proof", ct)).Expect(HttpStatusCode.OK).Json;
        var keys = (await run.Office.GetAsync("/v1/ledger/public-key", ct)).Expect(HttpStatusCode.OK).Text;

        var entry = proof.GetProperty("entry").GetBytesFromBase64();
        var leaf = new byte[TreeHasher.HashLength];
        TreeHasher.Leaf(entry, leaf);
        var path = proof.GetProperty("path").EnumerateArray().Select(hash => Convert.FromHexString(hash.GetString()!)).ToList();
        var note = SignedNote.Parse(proof.GetProperty("checkpoint").GetString()!);
        var checkpoint = Checkpoint.Parse(note.Text);
        using var verifying = VerifyingKey.FromPem(keys);

        run.Page.Line($"entry      {Encoding.UTF8.GetString(entry)[..ShownChars]}...");
        run.Page.Line($"leaf hash  {Convert.ToHexStringLower(leaf)}");
        run.Page.Line($"root       {Convert.ToHexStringLower(checkpoint.RootHash.Span)}");
        run.Check(note.Verify(checkpoint.Origin, verifying) == NoteVerdict.Genuine, $"the root of {checkpoint.Size:N0} events is signed by the key of '{checkpoint.Origin}'");
        run.Check(
            InclusionProof.Verify(leaf, position - 1, checkpoint.Size, path, checkpoint.RootHash.Span),
            $"{path.Count} hashes lead from this entry, at position {position}, to that root");
        return position;
    }
}
