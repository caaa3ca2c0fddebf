using NodaTime;
using NodaTime.Text;
using Npgsql;
using UsageLedger.Collecting.Runs;
using UsageLedger.Inbox;

namespace UsageLedger.Collecting.Scheduling;

/// <summary>Puts the runs that are due into the inbox: one for each due time, whoever fires, and none while one still waits.</summary>
public sealed class ScheduledRuns(NpgsqlDataSource database, InboxStore inbox)
{
    /// <summary>One that waits will collect up to the moment when it starts, so another would find nothing left.</summary>
    private const string Waits = """
        select exists (
            select from ledger.inbox_items
            where tenant = $1 and source = $2 and kind = 'collect' and status in ('queued', 'failed') and key like 'due:%')
        """;

    /// <summary>Whether this call put it in.</summary>
    public async Task<bool> AddAsync(string tenant, string sourceId, Instant due, CancellationToken ct)
    {
        await using (var waits = database.CreateCommand(Waits))
        {
            waits.Parameters.Add(new() { Value = tenant });
            waits.Parameters.Add(new() { Value = sourceId });
            if (await waits.ExecuteScalarAsync(ct) is true)
            {
                return false;
            }
        }

        var item = new NewInboxItem(
            tenant, InboxKinds.Collect, sourceId, $"due:{InstantPattern.ExtendedIso.Format(due)}", Guid.NewGuid().ToString("N"),
            RunState.Asked(null, null).ToBytes());
        return (await inbox.AddAsync(item, ct)).IsNew;
    }
}
