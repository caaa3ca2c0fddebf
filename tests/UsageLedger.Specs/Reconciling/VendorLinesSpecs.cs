using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.Reconciling.Assembling;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Reconciling;

/// <summary>An assembled invoice says all that the vendor says, in the vendor's currency, or nothing.</summary>
public sealed class VendorLinesSpecs
{
    private static readonly LocalDate Day = new(2026, 10, 5);

    private static readonly VendorAccount Account =
        new(new Source("acme", "s", "listing", new Uri("http://127.0.0.1"), null, Duration.Zero, new Dictionary<string, string>()), [], null!, null!);

    /// <summary>What the ledger has with a price.</summary>
    private static readonly Guid[] Charged = [Record("kept", "USD").Key("acme").Id];

    [Fact]
    public void Twilios_charges_are_of_the_currency_that_Twilio_names()
    {
        var stated = VendorLines.OfTwilio([Total("sms-outbound", 0.08m, "EUR"), Total("calls-inbound", 0.02m, "EUR"), Total("mms-inbound", 0m, "USD"), Total("totalprice", 0.1m, "EUR")]);

        (stated.Currency, stated.Total, stated.Lines.Sum(line => line.Amount)).ShouldBe(("EUR", 0.1m, 0.1m));
    }

    [Fact]
    public void Charges_in_two_currencies_are_no_invoice() =>
        Should.Throw<VendorException>(() => VendorLines.OfTwilio([Total("sms-outbound", 0.08m, "EUR"), Total("calls-inbound", 0.02m, "USD")]))
            .Code.ShouldBe("other_currency");

    [Fact]
    public async Task Records_charged_in_another_currency_are_an_invoice_of_it_and_in_two_none()
    {
        (await ReadAsync(new CollectedPage([Record("a", "EUR")], [], null, 1))).Currency.ShouldBe("EUR");
        (await RefusedAsync(new CollectedPage([Record("a", "EUR"), Record("b", "USD")], [], null, 1))).Code.ShouldBe("other_currency");
    }

    [Fact]
    public async Task A_list_that_is_longer_than_is_read_is_refused_and_never_cut_short() =>
        (await RefusedAsync(new CollectedPage([Record("a", "USD")], [], "b", 1))).Code.ShouldBe("list_too_long");

    [Fact]
    public async Task A_record_that_cannot_be_read_is_told_and_never_left_out()
    {
        var refused = await RefusedAsync(
            new CollectedPage([], [new RejectedRecord("call_7", "it has no cost")], "b", 1), new CollectedPage([Record("a", "USD")], [], null, 1));

        (refused.Code, refused.Message.Contains("call_7: it has no cost", StringComparison.Ordinal)).ShouldBe((VendorException.Unreadable, true));
    }

    [Fact]
    public async Task Beside_what_is_charged_the_free_and_the_pending_of_that_day_count_and_what_is_wholly_free_is_no_line()
    {
        var stated = await ReadAsync(
            new CollectedPage([Record("a", "USD"), Record("b", "USD") with { Cost = 0, Quantity = 40 }], [], "b", 1),
            new CollectedPage([Record("c", "USD") with { Cost = null, Quantity = 2 }, Record("d", "EUR") with { Metric = "tokens", Cost = 0 }], [], null, 1));

        var line = stated.Lines.ShouldHaveSingleItem();
        (line.Metric, line.Quantity, line.Amount, stated.Currency).ShouldBe(("call", 43, 0.1m, "USD"));
    }

    [Fact]
    public async Task A_price_that_a_policy_takes_is_charged_where_the_ledger_has_one_from_before_the_policy()
    {
        var taken = TelephonyBilling.Settle(Record("taken", "USD"), TelephonyBiller.Retell, TelephonyBiller.Twilio);

        var stated = await ReadAsync(new CollectedPage([taken, taken with { IdempotencyKey = "kept" }], [], null, 1));

        stated.Lines.ShouldHaveSingleItem().Amount.ShouldBe(0.1m);
        (await ReadAsync(new CollectedPage([taken], [], null, 1))).Lines.ShouldBeEmpty();
    }

    private static VendorTotal Total(string category, decimal cost, string currency) => new(Day, Day, category, 10, "segments", cost, currency);

    private static UsageRecord Record(string key, string currency) => new()
    {
        Source = "s", IdempotencyKey = key, Provider = "listing", Metric = "call", Quantity = 1, Unit = "second", Cost = 0.1m, Currency = currency,
        OccurredAt = Day.AtMidnight().InUtc().ToInstant(),
    };

    private static Task<StatedLines> ReadAsync(params CollectedPage[] pages) =>
        VendorLines.ReadAsync(new OpenedAccount(new ListedPages(pages), Account), Day, Day.PlusDays(1), usages => Task.FromResult<IReadOnlySet<Guid>>(Charged.Intersect(usages).ToHashSet()), default);

    private static Task<VendorException> RefusedAsync(params CollectedPage[] pages) => Should.ThrowAsync<VendorException>(() => ReadAsync(pages));

    /// <summary>A vendor whose list is these pages.</summary>
    private sealed class ListedPages(CollectedPage[] pages) : IUsageCollector
    {
        public IReadOnlyList<MetricDefinition> Metrics => [];

        public IReadOnlyList<string> CountedMetrics => [];

        public CredentialForm Credentials => new([], []);

        public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

        public VendorLimits Limits => new(1, 1, pages.Length, 1024);

        public bool ListsRecords => true;

        public Task<IReadOnlyList<string>> ValidateAsync(VendorAccount account, CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([]);

        public IAsyncEnumerable<CollectedPage> CollectAsync(VendorAccount account, CollectionWindow window, CancellationToken ct) => pages.ToAsyncEnumerable();

        public IAsyncEnumerable<CollectedPage> FetchAsync(VendorAccount account, IReadOnlyList<string> nativeIds, CancellationToken ct) =>
            pages.ToAsyncEnumerable();

        public string? NativeIdOf(string idempotencyKey) => null;
    }
}
