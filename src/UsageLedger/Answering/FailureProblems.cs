using Microsoft.AspNetCore.Http;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Answering;

/// <summary>The problem that an exception becomes. An exception's own text is never told.</summary>
internal static class FailureProblems
{
    private const int RetrySoonSeconds = 1;
    private const int RetryLaterSeconds = 60;

    private static readonly Problem TimedOut = new(
        StatusCodes.Status503ServiceUnavailable, "timed_out", "The answer took too long; send it again under the same keys.",
        RetryAfterSeconds: RetrySoonSeconds);

    public static Problem Of(Exception failure) => failure switch
    {
        LogBusyException => new Problem(
            StatusCodes.Status503ServiceUnavailable, "log_busy", "More is waiting to be recorded than the log takes; send it again.",
            RetryAfterSeconds: RetrySoonSeconds),
        ForeignAppendException => new Problem(
            StatusCodes.Status503ServiceUnavailable, "log_blocked", "The log takes nothing until its operator has dealt with a foreign row.",
            RetryAfterSeconds: RetryLaterSeconds),
        TornTreeException => new Problem(
            StatusCodes.Status503ServiceUnavailable, "log_blocked", "The log takes nothing until its operator has dealt with what 'ledger verify' names.",
            RetryAfterSeconds: RetryLaterSeconds),
        ClockAheadException => new Problem(
            StatusCodes.Status503ServiceUnavailable, "clock_ahead", "This host's clock is ahead of the database's; nothing is recorded until its operator has set it right.",
            RetryAfterSeconds: RetryLaterSeconds),
        KeyFileException => new Problem(
            StatusCodes.Status503ServiceUnavailable, "master_key_missing", "What this needs is sealed under a master key that this host does not have; its log tells which.",
            RetryAfterSeconds: RetryLaterSeconds),
        UnreadableEventException unreadable => new Problem(
            StatusCodes.Status422UnprocessableEntity, "event_unreadable", unreadable.Message, Members: json => json.WriteNumber("position", unreadable.Position)),
        LogForkException or TileMissingException => new Problem(
            StatusCodes.Status503ServiceUnavailable, "log_damaged", "The log is not what was signed before: nothing is signed until its operator has dealt with what 'ledger verify' names.",
            RetryAfterSeconds: RetryLaterSeconds),
        BadHttpRequestException refused => StatusProblems.Of(refused.StatusCode),
        NpgsqlException { InnerException: TimeoutException } => TimedOut,
        // No IOException: at the door it is the caller who was cut off.
        _ when DatabaseFailure.IsAway(failure) => new Problem(
            StatusCodes.Status503ServiceUnavailable, "database_unavailable", "The database does not answer; send it again under the same keys.",
            RetryAfterSeconds: RetrySoonSeconds),
        OperationCanceledException or TimeoutException => TimedOut,
        _ => new Problem(StatusCodes.Status500InternalServerError, "internal_error", "The ledger failed; its log tells why, under this traceId.")
    };
}
