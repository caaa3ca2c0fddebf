using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Clients;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording;

namespace UsageLedger.Cycles;

/// <summary>The door to closing a cycle; it answers with the cycle as a read gives it, once a signed head of the log covers the close.</summary>
internal static class CloseEndpoint
{
    private static readonly string[] Projections = [CycleAggregates.ProjectionName];

    private static readonly Problem Behind = new(
        StatusCodes.Status503ServiceUnavailable, "position_not_reached", "The read models have not come to the end of the log yet; send it again.",
        RetryAfterSeconds: 1);

    public static async Task<Results<Ok<CycleReport>, Problem>> PostAsync(
        string clientId, string cycleId, HttpContext context, ApiCaller caller, [AsParameters] CloseServices services, CancellationToken ct)
    {
        var read = new ReadCycle(caller.Tenant, clientId, cycleId, services.Clock.GetCurrentInstant());
        var (command, problem) = await CommandAsync(context, caller, clientId, cycleId, ct);
        if (problem is not null)
        {
            return await ReadCycleHandler.Handle(read, services.Database, ct) is null ? CycleEndpoints.NotFound(clientId, cycleId) : problem;
        }

        var outcome = await CloseCycleHandler.Handle(
            command!, services.Log, services.Reader, services.Models, services.Database, services.Clock, ct);
        if (ProblemOf(outcome, clientId, cycleId) is { } refused)
        {
            return refused;
        }

        await services.Signer.CoveringAsync(outcome.Position, ct);
        return await services.Models.WaitForAsync(outcome.Position, Projections, ct)
            && await ReadCycleHandler.Handle(read with { Cycle = outcome.CycleId }, services.Database, ct) is { } report
                ? TypedResults.Ok(report)
                : Behind;
    }

    public static async Task<Results<Ok<CloseReadiness>, Problem>> GetAsync(
        string clientId, string cycleId, ApiCaller caller, LogReader reader, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        var query = new ReadCloseReadiness(caller.Tenant, clientId, cycleId, clock.GetCurrentInstant());
        return await ReadCloseReadinessHandler.Handle(query, reader, database, ct) is { } readiness
            ? TypedResults.Ok(readiness)
            : CycleEndpoints.NotFound(clientId, cycleId);
    }

    private static async Task<(CloseCycle? Command, Problem? Problem)> CommandAsync(
        HttpContext context, ApiCaller caller, string clientId, string cycleId, CancellationToken ct)
    {
        var (fields, unreadable) = await CommandBody.ReadAsync(context.Request, ct, optional: true);
        var force = fields.Flag("force") ?? false;
        var reason = fields.Text("reason", TextRules.ReasonMax);
        return (unreadable ?? fields.Problem()) is { } problem
            ? (null, problem)
            : (new CloseCycle(caller.Tenant, context.CorrelationId(), clientId, cycleId, force, reason), null);
    }

    private static Problem? ProblemOf(CloseOutcome outcome, string clientId, string cycleId) => outcome.Verdict switch
    {
        CloseVerdict.Closed => null,
        CloseVerdict.NotFound => CycleEndpoints.NotFound(clientId, cycleId),
        CloseVerdict.NotEnded => Problem
            .Conflict("cycle_not_ended", $"The cycle {outcome.CycleId} can be closed from {Rfc3339.Format(outcome.ClosableFrom!.Value)} on.")
            .With("closableFrom", outcome.ClosableFrom),
        CloseVerdict.NotReady => Problem.Conflict("cycle_not_ready", CloseRule.Told(outcome)).With("preconditions", outcome.Unmet),
        CloseVerdict.Behind => Behind,
        _ => ClientEndpoints.Busy(clientId),
    };
}

/// <summary>What a close works with.</summary>
internal sealed record CloseServices(LogAppender Log, LogReader Reader, ReadModels Models, CheckpointSigner Signer, NpgsqlDataSource Database, IClock Clock);
