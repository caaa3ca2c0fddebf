using NodaTime;
using Npgsql;
using UsageLedger.Clients;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Cycles;

/// <summary>Handles <see cref="CloseCycle"/>.</summary>
/// <remarks>
/// The lines are those of the read model, once it holds all that was in the log when the close began; what is recorded after their
/// position, even before the close itself is in the log, is late. The registration must not have changed in between, or all is done anew.
/// The preconditions are read of what holds the lines of before, and the lines are frozen of what holds all that the preconditions could: where
/// those are the same lines, what is frozen is what was checked. Force waits for the lines alone, and tells what it could not know.
/// Nothing is frozen of lines that were booked by another time zone database than this program's: they may be those of other boundaries.
/// </remarks>
public static class CloseCycleHandler
{
    private const int AttemptsMax = 5;

    public static async Task<CloseOutcome> Handle(
        CloseCycle command, LogAppender log, LogReader reader, ReadModels models, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        if (await ReadClientHandler.Handle(new ReadClient(command.Tenant, command.ClientId), database, ct) is null)
        {
            return new CloseOutcome(CloseVerdict.NotFound);
        }

        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (await new CloseAttempt(command, clock.GetCurrentInstant(), log, reader, models, database).RunAsync(ct) is { } outcome)
            {
                return outcome;
            }
        }

        return new CloseOutcome(CloseVerdict.ChangedMeanwhile);
    }
}
