using System.Net.Http.Headers;
using UsageLedger.Simulators.Faults;

namespace UsageLedger.Simulators.Webhooks;

/// <summary>What came of the webhooks so far. Each try is a request; a webhook ends accepted, refused (no try was answered 2xx) or dropped.</summary>
public sealed record DeliveryReport(int Requests, int Accepted, int Refused, int Dropped, int Repeated, int Pending);

/// <summary>Sends what is due in world time: what is about one thing in order, several things at once, tried again as the vendor does.</summary>
public sealed class WebhookSender(Simulation simulation) : IDisposable
{
    private const int AtOnceMax = 8;
    private const int TargetsMax = 20;
    private static readonly TimeSpan TryMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TryMax };
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly HashSet<string> sent = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<WebhookTarget> targets = [];
    private IReadOnlyList<SimWebhook> pending = [];
    private SimFaults? pendingUnder;
    private int requests, accepted, refused, dropped, repeated;

    /// <summary>Where to send to from now on. What happened before and was not sent yet is sent too.</summary>
    /// <exception cref="ArgumentException">Too many, or to nowhere.</exception>
    public IReadOnlyList<WebhookTarget> Targets
    {
        get => targets;
        set => targets = value.Count <= TargetsMax && value.All(target => target.Url is { IsAbsoluteUri: true, Scheme: "http" or "https" })
            ? value : throw new ArgumentException("At most 20 targets, each with an absolute http URL.");
    }

    /// <summary>Sends all that is due now, and ends when all of it is accepted or given up.</summary>
    public async Task<DeliveryReport> DeliverAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            var now = simulation.Clock.Now;
            var due = Pending().TakeWhile(webhook => webhook.DueAt <= now).Where(webhook => TargetOf(webhook) is not null).ToList();
            var things = due.GroupBy(webhook => webhook.NativeId).ToList();
            await Parallel.ForEachAsync(things, new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = ct }, async (thing, stop) =>
            {
                foreach (var webhook in thing)
                {
                    await SendAsync(webhook, stop);
                }
            });
            sent.UnionWith(due.Select(webhook => webhook.Id));
            pending = [.. pending.Where(webhook => !sent.Contains(webhook.Id))];
            return new DeliveryReport(requests, accepted, refused, dropped, repeated, pending.Count);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        http.Dispose();
        gate.Dispose();
    }

    /// <summary>Other faults make another order; what was sent stays sent.</summary>
    private IReadOnlyList<SimWebhook> Pending()
    {
        var faults = simulation.Faults;
        if (!ReferenceEquals(faults, pendingUnder))
        {
            pending = [.. Outbox.Of(simulation).Where(webhook => !sent.Contains(webhook.Id))];
            pendingUnder = faults;
        }

        return pending;
    }

    private WebhookTarget? TargetOf(SimWebhook webhook) =>
        targets.FirstOrDefault(target => target.Provider == webhook.Provider && (target.Account is null || target.Account == webhook.Account));

    private async Task SendAsync(SimWebhook webhook, CancellationToken ct)
    {
        var times = Outbox.Times(webhook, simulation);
        Interlocked.Add(ref dropped, times == 0 ? 1 : 0);
        Interlocked.Add(ref repeated, times == 2 ? 1 : 0);
        for (var time = 0; time < times; time++)
        {
            var isAccepted = await TryAsync(webhook, TargetOf(webhook)!, ct);
            Interlocked.Add(ref accepted, isAccepted && time == 0 ? 1 : 0);
            Interlocked.Add(ref refused, isAccepted || time > 0 ? 0 : 1);
        }
    }

    private async Task<bool> TryAsync(SimWebhook webhook, WebhookTarget target, CancellationToken ct)
    {
        for (var tries = 0; tries <= webhook.RetriesMax; tries++)
        {
            if (tries > 0)
            {
                await Task.Delay(RetryDelay, ct);
            }

            if (await PostAsync(target, webhook.Write(target, webhook.At), ct))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> PostAsync(WebhookTarget target, WebhookRequest webhook, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ByteArrayContent(webhook.Body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(webhook.ContentType);
        request.Headers.TryAddWithoutValidation(webhook.Header, webhook.Value);
        Interlocked.Increment(ref requests);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }
}
