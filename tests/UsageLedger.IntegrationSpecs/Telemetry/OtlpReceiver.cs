using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UsageLedger.IntegrationSpecs.Telemetry;

/// <summary>A metric as it came over the wire, with the attributes of its points.</summary>
internal sealed record SeenMetric(string Name, string Unit, IReadOnlySet<string> Attributes);

/// <summary>A span as it came over the wire.</summary>
internal sealed record SeenSpan(string Name, string Trace, string Id, string Parent, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A collector on a loopback port: takes OTLP by HTTP and protobuf, and keeps what it was sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly int[] KindsOfData = [5, 7, 9, 10, 11];

    private readonly WebApplication app;
    private readonly ConcurrentQueue<byte[]> metrics = new();
    private readonly ConcurrentQueue<byte[]> traces = new();

    private OtlpReceiver(WebApplication app) => this.app = app;

    public IReadOnlyList<SeenMetric> Metrics =>
    [
        .. metrics.SelectMany(sent => ProtoFields.Read(sent).Messages(1)).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2))
            .GroupBy(metric => metric.Text(1))
            .Select(named => new SeenMetric(named.Key, named.First().Text(3), named.SelectMany(Attributes).ToHashSet())),
    ];

    public IReadOnlyList<SeenSpan> Spans =>
    [
        .. traces.SelectMany(sent => ProtoFields.Read(sent).Messages(1)).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2))
            .Select(span => new SeenSpan(
                span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4),
                span.Messages(9).ToDictionary(pair => pair.Text(1), pair => pair.Messages(2).Single().Text(1)))),
    ];

    /// <summary>All that was sent, to look for what must not be in it.</summary>
    public string Everything => string.Concat(metrics.Concat(traces).Select(Encoding.UTF8.GetString));

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/metrics", request => KeepAsync(request, receiver.metrics));
        app.MapPost("/v1/traces", request => KeepAsync(request, receiver.traces));
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The environment of a program that exports here, and does not wait long before it does.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task KeepAsync(HttpContext request, ConcurrentQueue<byte[]> kept)
    {
        using var body = new MemoryStream();
        await request.Request.Body.CopyToAsync(body);
        kept.Enqueue(body.ToArray());
    }

    /// <summary>In points of gauges and sums attributes are field 7, in those of histograms 9.</summary>
    private static IEnumerable<string> Attributes(ProtoFields metric) =>
        from kind in KindsOfData
        from data in metric.Messages(kind)
        from point in data.Messages(1)
        from pair in point.Messages(kind is 5 or 7 ? 7 : kind == 9 ? 9 : 1)
        select pair.Text(1);
}
