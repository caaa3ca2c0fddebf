using System.Net;
using System.Text;
using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Collecting.Sources;
using UsageLedger.Collecting;
using UsageLedger.Importing;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Receiving;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>What vendors and files say may be anything: it is read, refused or put aside, and never makes its reader fail.</summary>
public sealed class FuzzedParsersSpecs(ITestOutputHelper output)
{
    private static readonly NumberHash Numbers = new(new byte[32]);
    private static readonly Instant Now = Instant.FromUtc(2026, 10, 30, 0, 0);

    private static readonly (ImportFormat Format, string Text)[] Files =
    [
        (ImportFormat.Ndjson, """
            {"idempotencyKey":"a","provider":"voice","metric":"call","quantity":"61.5","unit":"second","unitCost":"0.001","occurredAt":"2026-10-20T12:00:00Z","attributes":{"a":"b"}}
            {"idempotencyKey":"b","provider":"voice","metric":"call","quantity":2,"unit":"second","cost":"1","currency":"EUR","occurredAt":"2026-10-20T12:00:00+02:00","revision":true}
            """),
        (ImportFormat.Csv, """
            idempotencyKey,provider,metric,quantity,unit,cost,occurredAt,clientId,attributes.a,revision
            a,voice,call,61.5,second,0.0615,2026-10-20T12:00:00Z,contoso,"b, ""c"" d",
            b,voice,call,1,second,,2026-10-20T12:00:00Z,,,true
            """),
        (ImportFormat.LlmTrace, """
            TIMESTAMP,ContextTokens,GeneratedTokens
            2023-11-16 18:17:03.9799600,4808,10
            2023-11-16 18:17:04.0319600,3180,8
            """),
    ];

    [Fact]
    public async Task No_file_makes_an_import_fail()
    {
        var run = new FuzzRun("files", output);
        var mutations = new Mutations(run.Random);
        var defaults = ImportUsage.DefaultsOf("switchboard", "contoso", new Dictionary<string, decimal> { ["call"] = 0.01m }, revision: false);
        long read = 0;
        while (run.Next())
        {
            var (format, text) = mutations.Pick(Files);
            var bytes = mutations.Bytes(Encoding.UTF8.GetBytes(text));
            try
            {
                await foreach (var batch in UsageFile.ReadAsync(new MemoryStream(bytes), format, "file.csv", defaults, Now, default))
                    read += batch.Count;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{run.Seeded}: {format} {Convert.ToBase64String(bytes)}", failure);
            }
        }

        run.End(new { read });
        read.ShouldBeGreaterThan(run.Tries / 2);
    }

    [Fact]
    public async Task No_signed_delivery_makes_its_reader_fail()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await SimServer.StartAsync();
        server.Simulation.Webhooks.Targets = [.. Providers.All.Select(provider => new UsageLedger.Simulators.Webhooks.WebhookTarget(provider.Name, new Uri(receiver.Url, provider.Name)))];
        await server.Simulation.Webhooks.DeliverAsync(CancellationToken.None);
        var hooks = receiver.Hooks.GroupBy(hook => hook.Path).SelectMany(vendor => vendor.Take(200)).ToList();
        hooks.Select(hook => hook.Path).Distinct().Count().ShouldBe(3);

        var run = new FuzzRun("webhooks", output);
        var mutations = new Mutations(run.Random);
        long read = 0, aside = 0;
        while (run.Next())
        {
            var hook = mutations.Pick(hooks);
            var provider = ProviderCatalogue.Whole.Find(hook.Path[1..])!;
            var bytes = mutations.Chance(2) ? mutations.Structured(hook.Body) : mutations.Bytes(hook.Body);
            var delivery = new WebhookDelivery(receiver.Url.AbsoluteUri, new Dictionary<string, string>(), bytes);
            var credentials = new[] { new Credential("one", new Dictionary<string, string> { ["apiKey"] = "k", ["authToken"] = "t", ["accountSid"] = "AC", ["webhookSecret"] = "s" }) };
            try
            {
                provider.Webhooks!.IsSigned(delivery, SourceOf(provider.Name, receiver.Url), credentials, Now).ShouldBeFalse();
                var reading = provider.Webhooks.Read(delivery, SourceOf(provider.Name, receiver.Url), Numbers);
                (read, aside) = reading.Quarantine is null ? (read + 1, aside) : (read, aside + 1);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{run.Seeded}: {provider.Name} {Convert.ToBase64String(bytes)}", failure);
            }
        }

        run.End(new { read, aside });
        read.ShouldBeGreaterThan(0);
        aside.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("retell")]
    [InlineData("twilio")]
    [InlineData("openrouter")]
    public async Task No_answer_of_a_vendor_makes_its_collector_fail(string name)
    {
        await using var server = await SimServer.StartAsync();
        var run = new FuzzRun($"answers of {name}", output);
        var mutations = new Mutations(run.Random);
        using var changing = new ChangedAnswers(mutations);
        using var http = new HttpMessageInvoker(changing);
        var collector = ProviderCatalogue.Whole.Find(name)!.Collector;
        var source = SourceOf(name, server.Http.BaseAddress!);
        var limits = collector.Limits with { RequestsPerSecond = 1_000 };
        string[] ids = [.. new[] { "product", "call", "generation" }.SelectMany(kind => server.Truth(name, kind).Take(3)).Select(item => item.NativeId).Distinct(), "gen-1"];
        int read = 0, refused = 0;
        while (run.Next())
        {
            using var way = new VendorHttp(http, source.BaseUrl, limits, new VendorPatience(
                Duration.FromSeconds(5), Duration.FromSeconds(5), 1, Duration.FromMilliseconds(1), Duration.FromMilliseconds(1), Duration.FromMilliseconds(500)));
            var account = new VendorAccount(source, [CredentialOf(server, name)], way, Numbers);
            using var within = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                var pages = mutations.Chance(3)
                    ? collector.FetchAsync(account, ids, within.Token)
                    : collector.CollectAsync(account, new CollectionWindow(SimServer.From, SimServer.From + Duration.FromDays(5), null), within.Token);
                await foreach (var page in pages.Take(3))
                    read += page.Records.Count;
            }
            catch (VendorException)
            {
                refused++;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{run.Seeded}: {name} {Convert.ToBase64String(changing.Last)}", failure);
            }
        }

        run.End(new { read, refused });
        read.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
    }

    private static Source SourceOf(string provider, Uri server) =>
        new("acme", provider, provider, new Uri(server, provider), null, Duration.FromHours(24), new Dictionary<string, string> { ["pageSize"] = "10" });

    private static Credential CredentialOf(SimServer server, string provider) => new("one", provider switch
    {
        "retell" => new Dictionary<string, string> { ["apiKey"] = server.Directory.RetellApiKey },
        "twilio" => new Dictionary<string, string>
        {
            ["accountSid"] = server.Directory.TwilioAccounts[0].Sid, ["authToken"] = server.Directory.TwilioAccounts[0].AuthToken,
        },
        _ => new Dictionary<string, string> { ["managementKey"] = server.Directory.OpenRouterManagementKey, ["webhookSecret"] = server.Directory.OpenRouterWebhookSecret },
    });

    /// <summary>Passes requests on, and changes half of the answers.</summary>
    private sealed class ChangedAnswers(Mutations mutations) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        public byte[] Last { get; private set; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            var good = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            Last = mutations.Chance(2) ? good : mutations.Chance(2) ? mutations.Structured(good) : mutations.Bytes(good);
            answer.Content = new ByteArrayContent(Last) { Headers = { ContentType = answer.Content.Headers.ContentType } };
            if (mutations.Chance(20))
                answer.StatusCode = mutations.Pick([HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.Moved, HttpStatusCode.NotFound, HttpStatusCode.BadGateway]);
            return answer;
        }
    }
}
