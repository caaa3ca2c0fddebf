using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;
using UsageLedger.Auditing;
using UsageLedger.Clients;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.EventLog.Verifying;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Recording;

namespace UsageLedger.IntegrationSpecs.Verifying;

/// <summary>Writes a log of every kind of event there is: usage, corrections that stay and that move, voids, registrations.</summary>
internal sealed class LogContent : IAsyncDisposable
{
    private const int Rounds = 24;
    private const int Batch = 62;
    private const string Origin = "spec.example/log";

    private readonly NpgsqlDataSource database;
    private readonly SpecClock clock = new();
    private readonly LogAppender appender;
    private readonly KeptHeads kept;
    private readonly SigningKey key;
    private readonly CheckpointSigner signer;
    private readonly List<long> signed = [];

    public LogContent(NpgsqlDataSource database, string folder)
    {
        this.database = database;
        appender = new LogAppender(database, clock, new LogSignal(), new AppendOptions { BulkTypes = EventTypes.Bulk }, NullLogger<LogAppender>.Instance);
        kept = new KeptHeads(folder);
        key = SigningKey.OpenOrCreate(Path.Combine(folder, "signing.key"), new byte[MasterKeyFile.KeyLength]);
        signer = new CheckpointSigner(
            new LogReader(database), new LogTiles(database), new CheckpointStore(database), key, clock, Origin, kept);
    }

    public long Size { get; private set; }

    public IReadOnlyList<long> Heads => signed;

    public async Task WriteAsync()
    {
        await signer.IntroduceAsync(default);
        for (var round = 0; round < Rounds; round++)
        {
            clock.Now += Duration.FromMilliseconds(1_234.567 * (round + 1));
            foreach (var tenant in new[] { "acme", "globex" })
                await RoundAsync(tenant, round);
            if (round % 5 == 3)
                signed.Add((await signer.KeepAsync(default)).Size);
        }

        signed.Add((await signer.KeepAsync(default)).Size);
        await RegisterAsync("acme", "late");
        await RecordAsync("acme", Rounds, 20, "9", revision: false);
        Size = await new LogReader(database).HeadAsync(default);
    }

    public async Task<VerifyOptions> OptionsAsync() => new()
    {
        BulkTypes = EventTypes.Bulk,
        SubjectTypes = EventTypes.AboutUsage,
        SubjectOf = EventSubjects.Of,
        Kept = [.. (await kept.AllAsync(default)).Select(one => new KeptCheckpoint(one.File, one.Note))],
        TrustedKeys = [key.PublicPem],
    };

    public async ValueTask DisposeAsync()
    {
        await appender.DisposeAsync();
        signer.Dispose();
        key.Dispose();
    }

    private async Task RoundAsync(string tenant, int round)
    {
        await RecordAsync(tenant, round, Batch, "61.5", revision: false);
        if (round % 3 == 1)
            await RecordAsync(tenant, round, 7, "62", revision: true);
        if (round % 4 == 2)
            await VoidAsync(tenant, round, 9);
        if (round % 6 == 0)
            await RegisterAsync(tenant, string.Create(CultureInfo.InvariantCulture, $"client{round}"));
    }

    private async Task RecordAsync(string tenant, int round, int count, string quantity, bool revision)
    {
        var records = Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture,
            $$$"""
            {"idempotencyKey":"{{{round}}}-{{{i}}}","source":"{{{(i % 2 == 0 ? "retell" : "twilio")}}}","provider":"retell","metric":"call.seconds","quantity":"{{{quantity}}}","unit":"second",
             "unitCost":"0.0012","clientId":"client{{{(i + (revision ? i % 2 : 0)) % 5}}}","agentId":"agent-{{{i % 11}}}","occurredAt":"2026-10-01T10:{{{i % 60:00}}}:00Z","revision":{{{(revision ? "true" : "false")}}},
             "attributes":{"model":"m-{{{i % 3}}}","line":"\"{{{i}}}\" é"}}
            """));
        var read = UsageBodyReader.ReadJson(Encoding.UTF8.GetBytes($"[{string.Join(',', records)}]"), clock.Now);
        await RecordUsageHandler.Handle(new RecordUsage(tenant, $"round:{round}", read.Items), appender, default);
    }

    private async Task VoidAsync(string tenant, int round, int index)
    {
        var usage = new UsageKey(tenant, index % 2 == 0 ? "retell" : "twilio", string.Create(CultureInfo.InvariantCulture, $"{round}-{index}"));
        await VoidUsageHandler.Handle(new VoidUsage(tenant, "voids", usage.Id, "billed twice"), appender, default);
    }

    private async Task RegisterAsync(string tenant, string client)
    {
        var registered = new ClientRegistered(client, client, "Europe/Berlin", "monthly", 1, 3, "EUR", null);
        var id = DeterministicId.Of("spec", tenant, client);
        var added = new NewEvent(id, StreamNames.OfRegistration(client), EventTypes.ClientRegistered, registered.ToCanonical());
        await appender.AppendAsync(new AppendRequest(tenant, "registration", [new AppendItem(id, added)]), default);
    }
}
