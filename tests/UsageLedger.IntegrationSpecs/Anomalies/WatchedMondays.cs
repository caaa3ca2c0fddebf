using NodaTime;
using UsageLedger.Clients;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Recording;

namespace UsageLedger.IntegrationSpecs.Anomalies;

/// <summary>
/// Five Mondays of an office in Berlin that is open from nine to eighteen by its own clock, which is set back before the sixth; and that sixth, on which
/// the eleventh hour holds five times as much, the thirteenth and fourteenth nothing, the sixteenth and seventeenth cost a fifth more, and in
/// the twentieth come a hundred calls of the ninth. A source tells forty records again each hour, and two thousand in one.
/// </summary>
public sealed class WatchedMondays : IAsyncLifetime
{
    public static readonly LocalDate Sixth = new(2026, 10, 26);

    private const int TurnsMax = 20;

    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    public WatchedLedger Ledger { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Ledger = await WatchedLedger.OpenAsync();
        Ledger.Log.Clock.Now = Hour(Sixth.PlusWeeks(-5), 0);
        await RegisterClientHandler.Handle(
            new RegisterClient(WatchedLedger.Tenant, "spec", "contoso", ClientSpecTerms.Of("contoso", Berlin.Id, "monthly", 1, 0)),
            Ledger.Appender, Ledger.Log.Reader, Ledger.Log.Database, Ledger.Log.Clock, default);
        for (var week = -5; week < 0; week++)
        {
            for (var hour = 9; hour < 18; hour++)
            {
                await LiveAsync(Sixth.PlusWeeks(week), hour, 30 + ((week * week * hour) % 5), 0.00125m);
            }
        }

        for (var hour = 1; hour < 24; hour++)
        {
            await LiveAsync(Sixth, hour, Calls(hour), hour is 16 or 17 ? 0.0015m : 0.00125m);
            await JudgeAsync(Hour(Sixth, hour) + Duration.FromMinutes(65));
        }

        await JudgeAsync(Hour(Sixth, 23) + Duration.FromHours(2));
    }

    public static Instant Hour(LocalDate date, int hour) => date.At(new LocalTime(hour, 0)).InZoneStrictly(Berlin).ToInstant();

    public async Task DisposeAsync() => await Ledger.DisposeAsync();

    /// <summary>Turn by turn until nothing more is due.</summary>
    private async Task JudgeAsync(Instant now)
    {
        Ledger.Log.Clock.Now = now;
        for (var turn = 0; !(await Ledger.JudgeAsync()).IsDone; turn++)
        {
            turn.ShouldBeLessThan(TurnsMax);
        }
    }

    private static int Calls(int hour) => hour switch
    {
        < 9 or > 17 or 13 or 14 => 0,
        11 => 150,
        _ => 32,
    };

    private async Task LiveAsync(LocalDate date, int hour, int calls, decimal price)
    {
        var start = Hour(date, hour);
        Ledger.Log.Clock.Now = start + Duration.FromMinutes(50);
        await Ledger.RunAsync("retell-main", $"{start}", date == Sixth && hour == 12 ? 2_000 : 40);
        var late = date == Sixth && hour == 20 ? Enumerable.Range(0, 100).Select(call => Usage($"late {call}", Hour(date, 9), price)) : [];
        await Ledger.RecordAsync(Enumerable.Range(0, calls).Select(call => Usage($"{start} {call}", start + Duration.FromSeconds(call * 10), price)).Concat(late));
    }

    private static UsageRecord Usage(string key, Instant at, decimal price) => new()
    {
        Source = "api", IdempotencyKey = key, Provider = "retell", Metric = "call", Quantity = 60, Unit = "second", UnitCost = price, Cost = 60 * price,
        Currency = "USD", ClientId = "contoso", AgentId = "sales", OccurredAt = at,
    };
}
