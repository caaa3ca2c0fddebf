using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace UsageLedger.Inbox;

/// <summary>Runs this host's workers, their listener and the upkeep, for as long as the server runs.</summary>
public sealed class InboxService(
    InboxClaims claims, InboxHolds holds, IEnumerable<IInboxWork> works, InboxSignal signal, InboxListener listener, InboxUpkeep upkeep,
    InboxOptions options, ILogger<InboxWorkers> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Workers(new InboxLane(Runs: false, Fetches: false, options.WorkersMax, options.WorkMax)).RunAsync(stoppingToken),
        Workers(new InboxLane(Runs: false, Fetches: true, options.FetchesMax, options.WorkMax)).RunAsync(stoppingToken),
        Workers(new InboxLane(Runs: true, Fetches: false, options.RunsMax, options.RunMax)).RunAsync(stoppingToken),
        listener.RunAsync(stoppingToken),
        upkeep.RunAsync(stoppingToken));

    private InboxWorkers Workers(InboxLane lane) => new(lane, claims, holds, works, signal, options, log);
}
