namespace UsageLedger.Collecting;

/// <summary>How one vendor's usage is pulled. Knows the vendor's words and nothing of the log.</summary>
public interface IUsageCollector
{
    IReadOnlyList<MetricDefinition> Metrics { get; }

    CredentialForm Credentials { get; }

    /// <summary>Settings that a source of this provider may have, with what each does.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The rule that the value of one of <see cref="Settings"/> breaks, as <c>must ...</c> with what it may be; null: none.</summary>
    string? BrokenSetting(string name, string value) => SourceSettings.Broken(name, value);

    VendorLimits Limits { get; }

    /// <summary>Whether a window's pages hold its records again. If not, a pending cost is asked for by name however young it is.</summary>
    bool ListsRecords { get; }

    /// <summary>Metrics of which every vendor record that is used has one record, so that counting those counts what the vendor counts.</summary>
    IReadOnlyList<string> CountedMetrics { get; }

    /// <summary>How many whole UTC days before the current one the vendor tells, of which a run can hold those alone; null: however old they are.</summary>
    int? DaysTold => null;

    /// <summary>Whether the vendor adds up itself what <see cref="TotalsAsync"/> asks for.</summary>
    bool TellsTotals => false;

    /// <summary>What is wrong with the account's credentials, in words for an operator; empty: nothing.</summary>
    Task<IReadOnlyList<string>> ValidateAsync(VendorAccount account, CancellationToken ct);

    /// <summary>The usage of a window, page by page; a bounded number of pages.</summary>
    /// <exception cref="VendorException">The vendor cannot be reached, refuses, or answers what cannot be read.</exception>
    IAsyncEnumerable<CollectedPage> CollectAsync(VendorAccount account, CollectionWindow window, CancellationToken ct);

    /// <summary>The usage of single vendor records, by their native ids.</summary>
    IAsyncEnumerable<CollectedPage> FetchAsync(VendorAccount account, IReadOnlyList<string> nativeIds, CancellationToken ct);

    /// <summary>Whether the vendor knows what a page calls by this name; if not, it is never fetched.</summary>
    bool CanFetch(string nativeId) => true;

    /// <summary>The vendor record that an idempotency key of this collector came from; null if it came from none.</summary>
    string? NativeIdOf(string idempotencyKey);

    /// <summary>What the vendor itself adds up of a UTC day that is over; nothing where it says nothing.</summary>
    /// <exception cref="VendorException">The vendor cannot be reached, refuses, or answers what cannot be read.</exception>
    Task<IReadOnlyList<VendorTotal>> TotalsAsync(VendorAccount account, NodaTime.LocalDate day, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<VendorTotal>>([]);
}
