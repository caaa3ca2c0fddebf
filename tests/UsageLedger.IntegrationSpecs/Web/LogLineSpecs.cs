using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using UsageLedger.Access;
using UsageLedger.Host.Logging;

namespace UsageLedger.IntegrationSpecs.Web;

/// <summary>What the server writes to its log for a request.</summary>
public sealed class LogLineSpecs
{
    [Fact]
    public async Task Every_line_of_a_request_has_its_correlation_id()
    {
        using var output = new StringWriter();
        await using (var log = LedgerLogging.Create("json", LogEventLevel.Information, output))
        await using (var app = await WebApp.StartAsync(Routes, logging: logging => logging.AddSerilog(log)))
        {
            var key = await app.KeyAsync("acme", "query");
            await app.SendAsync(HttpMethod.Get, "/v1/works/a@example.com", key, null, ("X-Correlation-Id", "order:7"));
            await app.SendAsync(HttpMethod.Get, "/v1/fails", key, null, ("X-Correlation-Id", "order:7"));
            await app.SendAsync(HttpMethod.Get, "/v1/works/a", null, null, ("X-Correlation-Id", "order:7"));
        }

        var lines = Lines(output).Where(line => line.Properties.ContainsKey("CorrelationId")).ToList();
        lines.ShouldAllBe(line => line.Properties["CorrelationId"] == "order:7");
        lines.Select(line => line.Template).ShouldBe(
            ["Working", Answered, "{Method} {Path} failed", Answered, Answered]);
        lines.Select(line => line.Properties.GetValueOrDefault("Status")).ShouldBe([null, "200", null, "500", "401"]);
        lines.Select(line => line.Properties.GetValueOrDefault("Tenant")).ShouldBe([null, "acme", null, "acme", ""]);
        output.ToString().ShouldNotContain("a@example.com");
    }

    private const string Answered = "{Method} {Path} answered {Status} in {ElapsedMs} ms for {Tenant}";

    private static void Routes(WebApplication app)
    {
        app.MapGet("/v1/works/{name}", (string name, ILogger<LogLineSpecs> log) => log.LogInformation("Working")).RequireScope(Scope.Query);
        app.MapGet("/v1/fails", IResult () => throw new InvalidOperationException("broken")).RequireScope(Scope.Query);
    }

    private static IEnumerable<(string Template, Dictionary<string, string> Properties)> Lines(StringWriter output)
    {
        foreach (var line in output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            yield return (
                json.RootElement.GetProperty("MessageTemplate").GetString()!,
                json.RootElement.GetProperty("Properties").EnumerateObject().ToDictionary(member => member.Name, member => member.Value.ToString()));
        }
    }
}
