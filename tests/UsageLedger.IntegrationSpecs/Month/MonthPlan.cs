using System.Globalization;
using NodaTime;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.World;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>What one run of the month is made of; printed, so that it can be had again.</summary>
internal sealed record MonthPlan(int Seed, Instant From, Instant To, int Size)
{
    /// <summary>Set it to run one month of this seed.</summary>
    public const string SeedVariable = "LEDGER_MONTH_SEED";

    /// <summary>How many times the usual usage there is.</summary>
    private const string SizeVariable = "LEDGER_MONTH_SIZE";

    /// <summary>Which month, such as <c>2026-10-01</c>; October 2026 unless set, so that a seed is the same world on any day.</summary>
    private const string FromVariable = "LEDGER_MONTH_FROM";

    private const int Clients = 20;

    /// <summary>Prices are final after three days, and webhooks are late by as much.</summary>
    public static readonly Duration FinalAfter = Duration.FromHours(72);

    public static readonly Duration Step = Duration.FromHours(36);

    /// <summary>In one of so many steps.</summary>
    public const int Seldom = 8;

    public WorldPlan World => new(Seed, From, To)
    {
        Clients = Clients, AgentsPerClient = 2, Calls = 50 * Size, Messages = 60 * Size, TwilioCalls = 20 * Size, Generations = 50 * Size,
    };

    /// <summary>So far back OpenRouter tells totals: what nobody asked for by then is never told.</summary>
    private static readonly Duration TotalsKept = Duration.FromDays(30);

    public static SimFaults Faults { get; } = new()
    {
        TooManyRequests = 30, TooManyRequestsWithRetryAfter = 10, ServerErrors = 40, TimeOuts = 5, CutConnections = 30, TruncatedJson = 20, HangMs = 500,
        ShiftingPages = 200, ChangedPrices = 100, DroppedWebhooks = 50, RepeatedWebhooks = 100, DelayedWebhooks = 50, ReorderedWebhooks = 100,
        DelayHoursMax = (int)FinalAfter.TotalHours, SignatureSkewSeconds = 120,
    };

    /// <summary>Points in the world's time; at the last of them every price is final and every webhook sent.</summary>
    public IReadOnlyList<Instant> Steps { get; } = [.. StepsOf(From, To + FinalAfter)];

    /// <summary>The last step at which OpenRouter still tells of the month's first day.</summary>
    public int LastLook => Steps.Count(step => step < From + TotalsKept) - 1;

    public static MonthPlan Of(int seed)
    {
        var from = Environment.GetEnvironmentVariable(FromVariable) is { Length: > 0 } given
            ? NodaTime.Text.LocalDatePattern.Iso.Parse(given).Value
            : new LocalDate(2026, 10, 1);
        return new MonthPlan(seed, At(from), At(from.PlusMonths(1)), Number(SizeVariable) ?? 1);
    }

    public static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public override string ToString() => $"{SeedVariable}={Seed} {SizeVariable}={Size} {FromVariable}={From.InUtc().Date:uuuu-MM-dd}";

    private static Instant At(LocalDate date) => date.AtMidnight().InUtc().ToInstant();

    private static IEnumerable<Instant> StepsOf(Instant from, Instant end)
    {
        for (var at = from + Step; at < end; at += Step)
            yield return at;
        yield return end;
    }
}
