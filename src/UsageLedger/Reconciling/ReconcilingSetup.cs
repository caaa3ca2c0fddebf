using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Reconciling.Assembling;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Reconciling;

/// <summary>The parts of reconciling, for the server and for verbs.</summary>
public static class ReconcilingSetup
{
    public static IServiceCollection AddReconciling(this IServiceCollection services) => services
        .AddSingleton<InvoiceStore>()
        .AddSingleton<ReportStore>()
        .AddSingleton<MatchingTurns>()
        .AddSingleton<LineEvents>();

    public static void MapReconciling(this IEndpointRouteBuilder routes)
    {
        routes.MapInvoices();
        routes.MapAssembling();
        routes.MapReconciliations();
    }
}
