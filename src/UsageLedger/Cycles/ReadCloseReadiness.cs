using NodaTime;
using Npgsql;
using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Cycles;

/// <summary>Asks whether a cycle can be closed, and what is in the way.</summary>
/// <param name="Cycle">Any name of it.</param>
public sealed record ReadCloseReadiness(string Tenant, string ClientId, string Cycle, Instant Now)
{
    /// <summary>What time zones are.</summary>
    public IDateTimeZoneProvider Zones { get; init; } = DateTimeZoneProviders.Tzdb;
}

/// <summary>Whether a cycle can be closed.</summary>
/// <param name="Ready">It is over and so is the grace, every precondition is met, and nobody has closed it.</param>
/// <param name="ClosableFrom">Its end, and the client's days of grace.</param>
public sealed record CloseReadiness(
    string ClientId, CycleView Cycle, bool Ready, Instant ClosableFrom, IReadOnlyList<ClosePrecondition> Preconditions);

/// <inheritdoc cref="ReadCloseReadiness"/>
public static class ReadCloseReadinessHandler
{
    /// <summary>Null when the client, or a cycle of that name, does not exist.</summary>
    public static async Task<CloseReadiness?> Handle(ReadCloseReadiness query, LogReader reader, NpgsqlDataSource database, CancellationToken ct)
    {
        if (await ReadClientHandler.Handle(new ReadClient(query.Tenant, query.ClientId), database, ct) is null)
        {
            return null;
        }

        var registration = await Registration.LoadAsync(reader, query.Tenant, query.ClientId, query.Zones, ct);
        if (registration.Calendar.Find(query.Cycle, query.Now) is not { } cycle)
        {
            return null;
        }

        var closed = registration.Closed.ContainsKey(cycle.Start);
        var from = CloseRule.ClosableFrom(cycle, registration, force: false);
        var preconditions = (await CloseFiguresRead.ReadAsync(database, query.Tenant, query.ClientId, cycle, ct)).Preconditions;
        return new CloseReadiness(
            query.ClientId, CycleView.Of(cycle, registration.Calendar, query.Now, closed),
            !closed && query.Now >= from && preconditions.All(precondition => precondition.Met), from, preconditions);
    }
}
