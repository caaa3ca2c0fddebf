using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Answering;
using UsageLedger.Reconciling.Assembling;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Reconciling;

/// <summary>The parts of reconciling, for the server and for verbs.</summary>
public static class ReconcilingSetup
{
    /// <summary>A reconciliation reads the log from its invoice's period on: those who record go before.</summary>
    public const int MatchingAtOnceMax = 2;
    private const int MatchingWaitingMax = 16;
    private static readonly TimeSpan MatchingWaitMax = TimeSpan.FromSeconds(2);

    public static IServiceCollection AddReconciling(this IServiceCollection services) => services
        .AddSingleton<InvoiceStore>()
        .AddSingleton<ReportStore>()
        .AddSingleton(_ => new Turns(MatchingAtOnceMax, MatchingWaitingMax, MatchingWaitMax))
        .AddSingleton<LineEvents>();

    public static void MapReconciling(this IEndpointRouteBuilder routes)
    {
        routes.MapInvoices();
        routes.MapAssembling();
        routes.MapReconciliations();
    }
}
