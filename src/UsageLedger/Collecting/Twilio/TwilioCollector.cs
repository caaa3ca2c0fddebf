using NodaTime;
using NodaTime.Text;

namespace UsageLedger.Collecting.Twilio;

/// <summary>Pulls messages and calls of one Twilio account, by whole UTC days, as Twilio lists them.</summary>
public sealed class TwilioCollector : IUsageCollector
{
    public const string AccountSid = "accountSid";
    public const string AuthToken = "authToken";
    public const string ApiKeySid = "apiKeySid";
    public const string ApiKeySecret = "apiKeySecret";

    public IReadOnlyList<MetricDefinition> Metrics { get; } =
    [
        new("sms.inbound", "segment", "Text messages received"),
        new("sms.outbound", "segment", "Text messages sent, failed ones with Twilio's fee among them"),
        new("mms.inbound", "segment", "Media messages received"),
        new("mms.outbound", "segment", "Media messages sent"),
        new("call.inbound", "second", "Calls received, connectivity only; minutes as billed are an attribute"),
        new("call.outbound", "second", "Calls made and legs dialled, connectivity only"),
    ];

    public IReadOnlyList<string> CountedMetrics { get; } = ["sms.inbound", "sms.outbound", "mms.inbound", "mms.outbound", "call.inbound", "call.outbound"];

    public CredentialForm Credentials { get; } = new([AccountSid, AuthToken], [ApiKeySid, ApiKeySecret]);

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        [SourceSettings.WebhookUrl] = SourceSettings.WebhookUrlText,
        [SourceSettings.PageSize] = SourceSettings.PageSizeText,
        [AccountSid] = "the account whose usage this source collects, where it is a subaccount of the credentials' account",
        [SourceSettings.TelephonyBilledBy] =
            "retell: calls of this source cost nothing here, because Retell charges them; twilio: they cost what Twilio reports; absent: so too, "
            + "and one whose leg a Retell source charges that says retell is voided",
    };

    public VendorLimits Limits { get; } = new(RequestsPerSecond: 20, ConcurrencyMax: 4, PagesMax: 1000, PageBytesMax: 32 * 1024 * 1024);

    public bool ListsRecords => true;

    public bool TellsTotals => true;

    public Task<IReadOnlyList<string>> ValidateAsync(VendorAccount account, CancellationToken ct) =>
        account.ProblemsAsync(credential => TwilioRequests.Below(account.Source, credential, "Messages.json?PageSize=1"), ct);

    /// <summary>First the messages by when they were sent, then the calls by when they ended.</summary>
    public IAsyncEnumerable<CollectedPage> CollectAsync(VendorAccount account, CollectionWindow window, CancellationToken ct) =>
        VendorPages.ReadAsync(window.Cursor, Limits.PagesMax, cursor => PageAsync(account, window, cursor, ct), ct);

    public IAsyncEnumerable<CollectedPage> FetchAsync(VendorAccount account, IReadOnlyList<string> nativeIds, CancellationToken ct) =>
        VendorPages.EachAsync(nativeIds, sid => FetchAsync(account, sid, ct), ct);

    public string? NativeIdOf(string idempotencyKey) => TwilioSids.Of(idempotencyKey);

    public async Task<IReadOnlyList<VendorTotal>> TotalsAsync(VendorAccount account, LocalDate day, CancellationToken ct)
    {
        var totals = new List<VendorTotal>();
        await foreach (var total in TwilioUsageRecords.ReadAsync(account, day, day, null, ct))
        {
            totals.Add(total);
        }

        return TwilioTotals.Leaves(totals);
    }

    private static Task<CollectedPage?> FetchAsync(VendorAccount account, string sid, CancellationToken ct) =>
        TwilioSids.ListOf(sid) is not { } list
            ? Task.FromResult<CollectedPage?>(null)
            : account.AskAsync(
                credential => TwilioRequests.Below(account.Source, credential, $"{list}/{sid}.json"),
                answer => answer.IsNotFound ? null : TwilioPages.One(account, list, answer), ct);

    private static async Task<CollectedPage?> PageAsync(VendorAccount account, CollectionWindow window, string? cursor, CancellationToken ct)
    {
        var list = cursor is null || cursor.Contains("/Messages.json", StringComparison.Ordinal) || cursor == TwilioSids.Messages
            ? TwilioSids.Messages
            : TwilioSids.Calls;
        var page = await account.AskAsync(
            credential => cursor is null || cursor == list
                ? TwilioRequests.Below(account.Source, credential, First(account.Source, list, window))
                : TwilioRequests.Follow(account.Source, credential, cursor),
            answer => cursor is not null && answer.Status is 400 or 404 ? null : TwilioPages.Read(account, list, answer), ct);
        return page is { Cursor: null } && list == TwilioSids.Messages ? page with { Cursor = TwilioSids.Calls } : page;
    }

    /// <summary>Whole UTC days. Whether the last day is meant within is not said alike for every list, so the day after it is named.</summary>
    private static string First(Source source, string list, CollectionWindow window)
    {
        var time = list == TwilioSids.Messages ? "DateSent" : "EndTime";
        var (from, to) = (Day(window.From), Day(window.To + Duration.FromDays(1)));
        return $"{list}.json?{time}%3E={from}&{time}%3C={to}&PageSize={SourceSettings.PageSizeOf(source)}";
    }

    private static string Day(Instant at) => LocalDatePattern.Iso.Format(at.InUtc().Date);
}
