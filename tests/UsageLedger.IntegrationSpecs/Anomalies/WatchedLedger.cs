using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Anomalies;
using UsageLedger.Auditing;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Proof;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Recording;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Anomalies;

/// <summary>A ledger whose hours go by a clock of its own: what is recorded is recorded when it occurs, and each hour is judged when it has settled.</summary>
public sealed class WatchedLedger : IAsyncDisposable
{
    public const string Tenant = "acme";

    private static readonly IReadOnlyList<IProjection> Projections = [new UsageBuckets(), new AnomalyRows()];

    private readonly CancellationTokenSource stopping = new();
    private readonly HttpClient http = new();
    private readonly Dictionary<string, string> keys = [];
    private readonly Task projecting;
    private WebApplication app = null!;

    private WatchedLedger(SpecLog log)
    {
        Log = log;
        var (head, reached) = (new LogSignal(), new ReadSignal());
        Appender = log.Appender(head: head);
        Models = new ReadModels(log.Database, reached);
        projecting = new ProjectionHost(
            log.Database, log.Reader, head, reached, Projections, new ProjectionOptions { RestPerWork = 0 }, NullLoggerFactory.Instance).RunAsync(stopping.Token);
    }

    public SpecLog Log { get; }

    public LogAppender Appender { get; }

    internal ReadModels Models { get; }

    public static async Task<WatchedLedger> OpenAsync()
    {
        var ledger = new WatchedLedger(await SpecLog.OpenAsync());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services
            .AddSingleton(ledger.Log.Database).AddSingleton<IClock>(ledger.Log.Clock).AddSingleton(ledger.Appender).AddSingleton(ledger.Models)
            .AddSingleton(ledger.Log.Reader).AddSingleton(new LogTiles(ledger.Log.Database))
            .AddSingleton(new CheckpointStore(ledger.Log.Database)).AddSingleton(Signer(ledger.Log)).AddAccess().AddAnswering().AddAuditing();
        ledger.app = builder.Build();
        ledger.app.UseAnswering();
        ledger.app.MapAnomalies();
        ledger.app.MapAuditing();
        ledger.app.MapUsageReport();
        await ledger.app.StartAsync();
        ledger.http.BaseAddress = new Uri(ledger.app.Urls.Single());
        return ledger;
    }

    public Task<RecordingAnswer> RecordAsync(IEnumerable<UsageRecord> records) => RecordUsageHandler.Handle(
        new RecordUsage(Tenant, "spec", [.. records.Select(record => new ParsedUsage(record, false, []))]), Appender, default);

    /// <summary>Tells of a run of the source that ends now.</summary>
    public async Task RunAsync(string source, string run, int duplicates)
    {
        var data = new CanonicalJsonWriter().StartObject()
            .Member("duplicates", duplicates.ToString(CultureInfo.InvariantCulture)).Member("runId", run).Member("sourceId", source).EndObject().Take();
        await TellAsync(DeterministicId.Of("run", source, run), StreamNames.OfSource(source), EventTypes.CollectionCompleted, data);
    }

    public Task<AppendOutcome> TellAsync(Guid id, string stream, string type, CanonicalJson data) =>
        Appender.AppendAsync(new AppendRequest(Tenant, "spec", [new AppendItem(id, new NewEvent(id, stream, type, data))]), default);

    /// <summary>One turn of a host.</summary>
    public Task<EvaluationOutcome> JudgeAsync() =>
        EvaluateHoursHandler.Handle(new EvaluateHours(Tenant), Appender, Log.Reader, Models, Log.Database, Log.Clock, default);

    public async Task ArriveAsync() =>
        (await Models.WaitForAsync(await Log.HeadAsync(), [UsageBuckets.ProjectionName, AnomalyRows.ProjectionName], default)).ShouldBeTrue();

    public async Task<JsonElement> AskAsync(
        string path, HttpStatusCode status = HttpStatusCode.OK, string scope = "query", string? body = null, string tenant = Tenant)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await KeyAsync(tenant, scope));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        return JsonElement.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        await stopping.CancelAsync();
        await projecting;
        stopping.Dispose();
        await Log.DisposeAsync();
    }

    private static CheckpointSigner Signer(SpecLog log)
    {
        var folder = SpecFolders.Next();
        var key = SigningKey.OpenOrCreate(Path.Combine(folder, "signing.key"), MasterKeyFile.OpenOrCreate(Path.Combine(folder, "master.key")));
        return new CheckpointSigner(
            log.Reader, new LogTiles(log.Database), new CheckpointStore(log.Database), key, log.Clock, "ledger.example/log", new KeptHeads(folder));
    }

    private async Task<string> KeyAsync(string tenant, string scope)
    {
        if (!keys.TryGetValue(tenant + scope, out var key))
        {
            keys[tenant + scope] = key = (await CreateKeyHandler.Handle(new CreateKey(tenant, [scope]), Log.Database, Log.Clock, default)).Created!.Secret;
        }

        return key;
    }
}
