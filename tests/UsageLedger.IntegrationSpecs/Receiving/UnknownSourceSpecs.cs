using Npgsql;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Receiving;

/// <summary>Deliveries to sources that nobody configured: anybody may send them, and needs no key.</summary>
public sealed class UnknownSourceSpecs
{
    private const int Names = 60;

    /// <summary>Eight for all names, and what the server itself reads of its sources.</summary>
    private const int AtOnceMax = 14;

    private const string LookedUp = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%log_types%'";

    [Fact]
    public async Task Names_of_strangers_are_looked_up_a_few_at_once_and_each_is_answered()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        await ledger.StartAsync();
        var caller = ledger.Caller();
        await using var connection = await ledger.Database.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("lock table ledger.log_types in access exclusive mode", connection, holding);
        await hold.ExecuteNonQueryAsync();

        var answers = Enumerable.Range(0, Names).Select(name => caller.PostAsync($"/v1/webhooks/acme/nobody-{name}", "sent a 0.07", "text/plain")).ToList();
        await SpecLog.UntilAsync(async () => await AtOnceAsync(ledger) >= 8, "as many are looked up as may be");
        await Task.Delay(TimeSpan.FromSeconds(1));
        (await AtOnceAsync(ledger)).ShouldBeLessThanOrEqualTo(AtOnceMax);
        await holding.RollbackAsync();

        (await Task.WhenAll(answers)).Select(answer => answer.Status).Distinct().ShouldBe([404]);
    }

    private static async Task<long> AtOnceAsync(CollectingLedger ledger) => long.Parse((await ledger.RowsAsync(LookedUp)).Single(), System.Globalization.CultureInfo.InvariantCulture);
}
