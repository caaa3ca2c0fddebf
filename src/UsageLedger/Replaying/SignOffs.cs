using System.Runtime.CompilerServices;
using Npgsql;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reconciling;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Replaying;

/// <summary>Somebody signed off a reconciliation.</summary>
/// <param name="Event">The sign-off, in the stream of the invoice.</param>
internal sealed record SignOff(Guid Reconciliation, StoredEvent Event);

/// <summary>Finds what a tenant signed off for the time of a cycle: by the log, and by the table what the log's own lists do not have.</summary>
internal sealed class SignOffs(LogReader reader, ITileSource tiles, NpgsqlDataSource database, string tenant)
{
    private const string SelectShownUpTo = "select coalesce((select position from ledger.projections where name = $1), 0)";

    /// <summary>The position up to which the table has to show all; asked before any of its rows is looked at.</summary>
    public async Task<long> ShownUpToAsync(CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectShownUpTo);
        select.Parameters.Add(new() { Value = Reconciliations.ProjectionName });
        return (long)(await select.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Those up to the position; one that the table shows, and of which there is no event at any position, is told.</summary>
    public async IAsyncEnumerable<SignOff> OfAsync(Cycle cycle, long position, Findings found, [EnumeratorCancellation] CancellationToken ct)
    {
        var known = new HashSet<Guid>();
        await foreach (var stored in reader.TypesAsync([EventTypes.ReconciliationSignedOff], 0, position, ct))
        {
            if (stored.Tenant != tenant)
            {
                continue;
            }

            if (await ReconciliationOfAsync(stored, ct) is not { } id)
            {
                found.Leaf(stored, await new LeafCheck(tiles).HoldsAsync(stored, ct));
                found.Unreadable(stored);
            }
            else if (known.Add(id) && await IsOfAsync(cycle, id, ct))
            {
                yield return new SignOff(id, stored);
            }
        }

        for (IReadOnlyList<ReconciliationSummary>? page = null; page is null or { Count: ReconciliationReads.PageMax };)
        {
            page = await ReconciliationReads.SignedOffAsync(database, tenant, cycle.Start, cycle.End, page?[^1].Id ?? Guid.Empty, ct);
            foreach (var row in page.Where(row => !known.Contains(row.Id)))
            {
                switch (await reader.FindAsync(tenant, ReconciliationSignedOff.IdOf(tenant, row.Id), ct))
                {
                    case null:
                        found.Add(ShownReconciliation.Unsigned(row));
                        break;
                    case { } stored when stored.Position <= position:
                        yield return new SignOff(row.Id, stored);
                        break;
                }
            }
        }
    }

    /// <summary>Which one was signed off: the id of the event says it too, whatever has become of its content. Null: nothing in its stream.</summary>
    private async Task<Guid?> ReconciliationOfAsync(StoredEvent signedOff, CancellationToken ct)
    {
        if (Read<ReconciliationSignedOff>(signedOff)?.ReconciliationId is { } told && ReconciliationSignedOff.IdOf(tenant, told) == signedOff.Id)
        {
            return told;
        }

        await foreach (var stored in reader.StreamAsync(tenant, signedOff.Stream, 0, ct))
        {
            if (stored.Position >= signedOff.Position)
            {
                break;
            }

            if (stored.Type == EventTypes.ReconciliationMade && Read<ReconciliationMade>(stored)?.ReconciliationId is { } id
                && ReconciliationSignedOff.IdOf(tenant, id) == signedOff.Id)
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>Whether its invoice's period has some of the cycle; an event that was changed is not believed to say that it has none.</summary>
    private async Task<bool> IsOfAsync(Cycle cycle, Guid reconciliation, CancellationToken ct) =>
        await reader.FindAsync(tenant, ReconciliationMade.IdOf(tenant, reconciliation), ct) is not { } stored
        || Read<ReconciliationMade>(stored) is not { } made || (made.PeriodStart < cycle.End && made.PeriodEnd > cycle.Start)
        || !await new LeafCheck(tiles).HoldsAsync(stored, ct);

    private static T? Read<T>(StoredEvent stored)
        where T : class
    {
        try
        {
            return EventJson.Read<T>(stored);
        }
        catch (UnreadableEventException)
        {
            return null;
        }
    }
}
