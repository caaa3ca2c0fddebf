using System.Text;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>How each route is asked for somebody's things. A route whose parameters or body are not told of here fails its spec.</summary>
internal static class RouteCalls
{
    private const string UsageBody =
        """{"idempotencyKey":"told-{clientId}","provider":"voice","metric":"call","quantity":"1","unit":"second","cost":"1","occurredAt":"2026-10-01T10:00:00Z","clientId":"{clientId}"}""";

    private const string CloudEventBody =
        """{"specversion":"1.0","id":"cloud-{clientId}","source":"https://agents.example","type":"call","subject":"{clientId}","time":"2026-10-01T10:00:00Z","data":{"cost":"1"}}""";

    private const string InvoiceBody =
        """{"provider":"fax-bureau","sourceId":"{sourceId}","number":"{invoiceNumber}","periodStart":"2026-09-01","periodEnd":"2026-10-01","lines":[{"id":"1","metric":"fax.pages","quantity":"1","amount":"1"}]}""";

    private const string Days = "\"from\":\"2026-09-01\",\"to\":\"2026-09-03\"";
    private const string Hours = "\"from\":\"2026-09-01T00:00:00Z\",\"to\":\"2026-09-01T01:00:00Z\"";

    /// <summary>What is sent to the routes that take something.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["POST /v1/anomalies/{id}/acknowledge"] = """{"note":"seen"}""",
        ["PUT /v1/clients/{clientId}"] = """{"name":"Mine","timeZone":"UTC","period":"monthly","anchorDay":1,"graceDays":0,"currency":"USD"}""",
        ["POST /v1/clients/{clientId}/cycles/{cycleId}/close"] = """{"force":true,"reason":"try"}""",
        ["POST /v1/collections"] = $$"""{"sourceId":"{sourceId}",{{Hours}}}""",
        ["POST /v1/collections/{runId}/retry"] = "",
        ["POST /v1/coverage/fill"] = $$"""{"sourceId":"{sourceId}",{{Hours}}}""",
        ["POST /v1/coverage/totals"] = $$"""{"sourceId":"{sourceId}",{{Days}}}""",
        ["POST /v1/events"] = CloudEventBody,
        ["POST /v1/inbox/drop"] = """{"status":"quarantined","sourceId":"{sourceId}"}""",
        ["POST /v1/inbox/retry"] = """{"status":"quarantined","sourceId":"{sourceId}"}""",
        ["POST /v1/inbox/{id}/retry"] = "",
        ["PUT /v1/mappings/{id}"] =
            """{"provider":"fax-bureau","key":"agent:{agentId}","clientId":"{clientId}","agentId":"{agentId}","validFrom":"2026-09-01T00:00:00Z","validTo":null}""",
        ["POST /v1/provider-invoices"] = InvoiceBody,
        ["POST /v1/provider-invoices/assemble"] = $$"""{"sourceId":"{sourceId}",{{Days}}}""",
        ["POST /v1/reconciliations"] = """{"invoiceId":"{invoiceId}"}""",
        ["POST /v1/reconciliations/{reconciliationId}/sign-off"] = """{"note":"try"}""",
        ["PUT /v1/sources/{sourceId}"] = """{"provider":"fax-bureau","baseUrl":"https://fax.example","lookBack":"P1D","settings":{}}""",
        ["PUT /v1/sources/{sourceId}/credentials"] = """{"values":{"secret":"of-the-other-tenant"},"graceSeconds":0}""",
        ["POST /v1/sources/{sourceId}/validate"] = "",
        ["POST /v1/usage"] = UsageBody,
        ["POST /v1/usage/{eventId}/void"] = """{"reason":"try"}""",
        ["POST /v1/webhooks/{tenant}/{sourceId}"] = "hello",
        ["PUT /v1/webhooks/{tenant}/{sourceId}"] = "hello",
    };

    /// <summary>Filters that are sent although they may be left out, because they name things.</summary>
    private static readonly Dictionary<string, string> Filters = new()
    {
        ["clientId"] = "{clientId}",
        ["sourceId"] = "{sourceId}",
        ["source"] = "{sourceId}",
        ["agentId"] = "{agentId}",
        ["invoiceId"] = "{invoiceId}",
        ["number"] = "{invoiceNumber}",
        ["correlationId"] = "{correlationId}",
    };

    /// <summary>What says only how the answer comes, or what of it.</summary>
    private static readonly HashSet<string> Manners =
    [
        "cursor", "limit", "minPosition", "status", "from", "to", "format", "summary", "asOf", "lines", "items", "type", "provider", "metric",
        "noAgent", "unit", "currency", "originCycle", "window", "timeZone", "groupBy",
    ];

    /// <summary>The addresses under which the route gives or takes these things: with as few filters as it takes, and with all that name one.</summary>
    public static IEnumerable<string> Paths(ApiRoute route, ThingIds ids)
    {
        foreach (var path in Places(route).Select(ids.Fill))
        {
            var required = route.Parameters("query").Where(parameter => parameter.Required).Select(parameter => $"{parameter.Name}={Required(route, parameter)}").ToList();
            yield return Address(path, required);
            foreach (var (name, _, isRequired) in route.Parameters("query"))
            {
                if (Filters.TryGetValue(name, out var filter))
                {
                    yield return Address(path, [.. required, $"{name}={ids.Fill(filter)}"]);
                }
                else
                {
                    (Manners.Contains(name) || isRequired).ShouldBeTrue($"{route.Name}: say in {nameof(RouteCalls)} whether '{name}' names a thing");
                }
            }
        }
    }

    /// <summary>What is sent with it, or null.</summary>
    public static HttpContent? Body(ApiRoute route, ThingIds ids)
    {
        if (route.Method is "GET" or "DELETE")
        {
            return null;
        }

        Bodies.TryGetValue(route.Name, out var body).ShouldBeTrue($"{route.Name}: say in {nameof(RouteCalls)} what is sent to it");
        var mediaType = route.Path == "/v1/events" ? Caller.CloudEvent : Caller.Json;
        return body!.Length == 0 ? null : new StringContent(ids.Fill(body), Encoding.UTF8, mediaType);
    }

    private static string Address(string path, List<string> query) => query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";

    private static string? Required(ApiRoute route, (string Name, string? Example, bool) parameter) => (route.Path, parameter.Name) switch
    {
        ("/v1/usage", "from") => "2026-09-01T00:00:00Z",
        _ => Uri.EscapeDataString(parameter.Example.ShouldNotBeNull($"{route.Name} {parameter.Name}")),
    };

    /// <summary>The path with each of its parameters said by kind; what can be named in two ways gives two.</summary>
    private static IEnumerable<string> Places(ApiRoute route)
    {
        var (path, told) = (route.Path, route.Parameters("path").Select(parameter => parameter.Name).ToList());
        foreach (var name in told)
        {
            path = name switch
            {
                "id" when path.StartsWith("/v1/mappings/", StringComparison.Ordinal) => path.Replace("{id}", "{mappingId}", StringComparison.Ordinal),
                "id" when path.StartsWith("/v1/inbox/", StringComparison.Ordinal) => path.Replace("{id}", "{inboxId}", StringComparison.Ordinal),
                "id" when path.StartsWith("/v1/anomalies/", StringComparison.Ordinal) => path.Replace("{id}", "{anomalyId}", StringComparison.Ordinal),
                "line" => path.Replace("{line}", "1", StringComparison.Ordinal),
                "path" => path.Replace("{path}", "0/000", StringComparison.Ordinal),
                "idOrPosition" or "clientId" or "cycleId" or "runId" or "sourceId" or "position" or "invoiceId" or "reconciliationId" or "eventId" or "tenant" => path,
                _ => throw new InvalidOperationException($"{route.Name}: say in {nameof(RouteCalls)} what '{name}' names"),
            };
        }

        return told.Contains("idOrPosition")
            ? [path.Replace("{idOrPosition}", "{eventId}", StringComparison.Ordinal), path.Replace("{idOrPosition}", "{position}", StringComparison.Ordinal)]
            : [path];
    }
}
