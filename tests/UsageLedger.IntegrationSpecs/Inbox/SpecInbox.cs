using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using UsageLedger.Credentials;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Inbox;

/// <summary>An inbox in a database of its own, as several hosts share it.</summary>
internal sealed class SpecInbox : IAsyncDisposable
{
    public static readonly InboxLane Lane = new(Runs: false, Fetches: false, WorkersMax: 4, TimeSpan.FromMinutes(1));
    public static readonly InboxLane Runs = new(Runs: true, Fetches: false, WorkersMax: 4, TimeSpan.FromMinutes(1));

    private SpecInbox(SpecLog log, InboxOptions options)
    {
        (Log, Options) = (log, options);
        Seal = new InboxSeal(new SealedKeys(log.Database, new MasterKeys(Path.Combine(SpecFolders.Next(), "master.key"))));
        Store = new InboxStore(log.Database, log.Clock, Seal, Signal);
        Claims = new InboxClaims(log.Database, log.Clock, Seal, options);
        Holds = new InboxHolds(log.Database, log.Clock, Seal, Store, options);
    }

    public SpecLog Log { get; }

    public InboxOptions Options { get; }

    public InboxSeal Seal { get; }

    public InboxSignal Signal { get; } = new();

    public InboxStore Store { get; }

    public InboxClaims Claims { get; }

    public InboxHolds Holds { get; }

    public static async Task<SpecInbox> OpenAsync(InboxOptions? options = null) => new(await SpecLog.OpenAsync(), options ?? new InboxOptions());

    public async Task<Guid> AddAsync(string tenant, string key, string kind = InboxKinds.Webhook, string body = "body", string source = "shop") =>
        (await Store.AddAsync(new NewInboxItem(tenant, kind, source, key, "spec", Encoding.UTF8.GetBytes(body)), default)).Id;

    public Task<IReadOnlyList<InboxItem>> TakeAsync(Guid owner, int count = 4, InboxLane? lane = null) => Claims.TakeAsync(lane ?? Lane, owner, count, default);

    public async Task<InboxItem> TakeOneAsync(InboxLane? lane = null) => (await TakeAsync(Guid.NewGuid(), 1, lane)).ShouldHaveSingleItem();

    public InboxWorkers Workers(IInboxWork work, InboxLane? lane = null, ILogger<InboxWorkers>? log = null) =>
        new(lane ?? Lane, Claims, Holds, [work], Signal, Options, log ?? NullLogger<InboxWorkers>.Instance);

    public Task<List<string>> ItemsAsync() => Log.RowsAsync("select tenant || ' ' || key || ' ' || status || ' ' || attempts from ledger.inbox_items order by 1");

    public async Task<InboxItemView> ViewAsync(string tenant, Guid id) => (await ReadInboxHandler.FindAsync(tenant, id, Log.Database, default)).ShouldNotBeNull();

    public ValueTask DisposeAsync() => Log.DisposeAsync();
}

/// <summary>Work that a spec says.</summary>
internal sealed class SpecWork(Func<InboxItem, CancellationToken, Task<InboxOutcome>> work, string kind = InboxKinds.Webhook) : IInboxWork
{
    public string Kind => kind;

    public Task<InboxOutcome> DoAsync(InboxItem item, CancellationToken ct) => work(item, ct);
}
