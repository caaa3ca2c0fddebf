using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording;

namespace UsageLedger.Auditing;

/// <summary>The doors to what an outsider needs to check the log: proofs, signed heads, keys. They hold hashes, of whichever tenant.</summary>
internal static class ProofEndpoints
{
    private const string PlainText = "text/plain";

    private static readonly Problem NoEvent = Problem.NotFound("There is no event at this position, or it is not yours.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/ledger/events/{position}/proof", ProveAsync).RequireScope(Scope.Audit)
            .WithSummary("That the event is in the log: its entry, and the path from the entry's hash to a signed root.")
            .WithExample(null, AuditingExamples.Proof);
        routes.MapGet("/v1/ledger/consistency", CompareAsync).RequireScope(Scope.Audit)
            .WithSummary("That the log of one size is the start of the log of a later size.")
            .WithQuery("from", "Events in the earlier log, 1 or more.", "1", required: true)
            .WithQuery("to", "Events in the later log; as many as the latest checkpoint unless given.", "2")
            .WithExample(null, AuditingExamples.Consistency);
        routes.MapGet("/v1/ledger/checkpoint", CheckpointAsync).RequireScope(Scope.Audit)
            .WithSummary("The signed head of the log, at most a second old (C2SP tlog-checkpoint).")
            .WithExample(null, AuditingExamples.Checkpoint, responseType: PlainText);
        routes.MapGet("/v1/ledger/public-key", KeysAsync).RequireScope(Scope.Audit)
            .WithSummary("The public keys of checkpoints as PEM; the one that signs now comes first.")
            .WithExample(null, AuditingExamples.PublicKey, responseType: PlainText);
    }

    private static async Task<IResult> ProveAsync(
        string position, ApiCaller caller, LogReader log, CheckpointSigner signer, TreeReader tree, CancellationToken ct)
    {
        if (!EventPosition.TryRead(position, out var at))
        {
            return Problem.BadRequest(new FieldProblem("?position", "invalid_position", "A position is written in decimal digits."));
        }

        if (await log.AtAsync(caller.Tenant, at, ct) is not { } stored)
        {
            return NoEvent;
        }

        var checkpoint = await signer.CoveringAsync(at, ct);
        var path = await tree.InclusionPathAsync(at - 1, checkpoint.Size, ct);
        return TypedResults.Ok(ProofAnswer.Of(stored, checkpoint, path));
    }

    private static async Task<IResult> CompareAsync(HttpContext context, LogReader log, CheckpointSigner signer, TreeReader tree, CancellationToken ct)
    {
        var fields = new QueryFields(context.Request.Query);
        var from = fields.Whole("from", 1, long.MaxValue);
        var to = fields.Whole("to", 1, long.MaxValue);
        if (from is null && fields.Problem() is null)
        {
            fields.Refuse("from", "required", "is required: the size of the earlier tree");
        }

        if (fields.Problem() is { } problem)
        {
            return problem;
        }

        var size = to ?? (await signer.CoveringAsync(MinPosition(fields), ct)).Size;
        if (from > size || size > await log.HeadAsync(ct))
        {
            return Problem.BadRequest(new FieldProblem("?to", "out_of_range", "A tree has grown from 'from' to 'to' events: 1 <= from <= to <= the size of the log."));
        }

        return TypedResults.Ok(new ConsistencyAnswer(
            from!.Value, size, ProofAnswer.Hex(await tree.ConsistencyPathAsync(from.Value, size, ct)),
            ProofAnswer.Hex(await tree.RootAsync(from.Value, ct)), ProofAnswer.Hex(await tree.RootAsync(size, ct))));
    }

    private static async Task<IResult> CheckpointAsync(HttpContext context, CheckpointSigner signer, CancellationToken ct)
    {
        var signed = await signer.CoveringAsync(MinPosition(new QueryFields(context.Request.Query)), ct);
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Text(signed.Note, PlainText, Encoding.UTF8);
    }

    /// <summary>What this host signs with comes first; the database may know of more, older ones and those of other hosts.</summary>
    private static async Task<IResult> KeysAsync(CheckpointSigner signer, CheckpointStore store, CancellationToken ct)
    {
        var others = (await store.KeysAsync(ct)).Where(pem => pem.Trim() != signer.PublicPem.Trim());
        return TypedResults.Text(string.Concat(others.Prepend(signer.PublicPem).Select(pem => pem.Trim() + "\n")), PlainText, Encoding.UTF8);
    }

    /// <summary>What the room before has waited for must be under the head that is signed.</summary>
    private static long MinPosition(QueryFields fields) => fields.Whole("minPosition", 0, long.MaxValue) ?? 0;
}
