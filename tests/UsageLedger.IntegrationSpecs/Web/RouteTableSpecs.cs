using UsageLedger.IntegrationSpecs.Walls;

namespace UsageLedger.IntegrationSpecs.Web;

/// <summary>Who may ask what, written down here a second time: a scope that is changed, or a route that asks for no key, is decided here too.</summary>
public sealed class RouteTableSpecs(ServedLedger ledger) : IClassFixture<ServedLedger>
{
    /// <summary>Each route with its scope; <c>-</c> asks for no key.</summary>
    private const string Table = """
        /health/live GET -
        /health/ready GET -
        /openapi/v1.json GET -
        /v1/anomalies GET query
        /v1/anomalies/{id} GET query
        /v1/anomalies/{id}/acknowledge POST admin
        /v1/clients GET query
        /v1/clients/{clientId} GET query
        /v1/clients/{clientId} PUT admin
        /v1/clients/{clientId}/cycles GET query
        /v1/clients/{clientId}/cycles/{cycleId} GET query
        /v1/clients/{clientId}/cycles/{cycleId}/audit GET audit
        /v1/clients/{clientId}/cycles/{cycleId}/close GET query
        /v1/clients/{clientId}/cycles/{cycleId}/close POST admin
        /v1/clients/{clientId}/cycles/{cycleId}/explain GET query
        /v1/clients/{clientId}/cycles/{cycleId}/export GET query
        /v1/collections GET collect
        /v1/collections POST collect
        /v1/collections/lag GET collect
        /v1/collections/{runId} GET collect
        /v1/collections/{runId}/retry POST collect
        /v1/coverage GET query
        /v1/coverage/days GET query
        /v1/coverage/fill POST collect
        /v1/coverage/totals POST collect
        /v1/events POST ingest
        /v1/inbox GET collect
        /v1/inbox/drop POST collect
        /v1/inbox/retry POST collect
        /v1/inbox/{id} DELETE collect
        /v1/inbox/{id} GET collect
        /v1/inbox/{id}/retry POST collect
        /v1/ledger/checkpoint GET audit
        /v1/ledger/consistency GET audit
        /v1/ledger/events GET audit
        /v1/ledger/events/{idOrPosition} GET audit
        /v1/ledger/events/{position}/proof GET audit
        /v1/ledger/public-key GET audit
        /v1/ledger/tile/{path} GET audit
        /v1/mappings GET query
        /v1/mappings/{id} GET query
        /v1/mappings/{id} PUT admin
        /v1/provider-invoices GET query
        /v1/provider-invoices POST admin
        /v1/provider-invoices/assemble POST admin
        /v1/provider-invoices/{invoiceId} GET query
        /v1/providers GET query
        /v1/reconciliations GET query
        /v1/reconciliations POST admin
        /v1/reconciliations/{reconciliationId} GET query
        /v1/reconciliations/{reconciliationId}/lines GET query
        /v1/reconciliations/{reconciliationId}/lines/{line}/events GET query
        /v1/reconciliations/{reconciliationId}/sign-off POST admin
        /v1/sources GET query
        /v1/sources/{sourceId} GET query
        /v1/sources/{sourceId} PUT admin
        /v1/sources/{sourceId}/credentials GET query
        /v1/sources/{sourceId}/credentials PUT admin
        /v1/sources/{sourceId}/validate POST collect
        /v1/unattributed GET query
        /v1/usage GET query
        /v1/usage POST ingest
        /v1/usage/{eventId}/void POST ingest
        /v1/webhooks/{tenant}/{sourceId} POST -
        /v1/webhooks/{tenant}/{sourceId} PUT -
        """;

    [Fact]
    public async Task Every_route_asks_for_the_scope_that_is_written_down()
    {
        var routes = (await ApiRoute.AllAsync(ledger.Client)).Select(route => $"{route.Path} {route.Method} {route.Scope ?? "-"}");

        routes.Order(StringComparer.Ordinal).ShouldBe(Table.Split('\n'));
    }
}
