using System.Collections.Concurrent;
using NodaTime;
using NodaTime.Text;
using Npgsql;
using UsageLedger.Collecting;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Credentials;

/// <summary>Where a source's credentials are, sealed; opening them leaves an event before they are handed out.</summary>
public sealed class CredentialVault(NpgsqlDataSource database, MasterKeys masters, LogAppender log, IClock clock)
{
    /// <summary>Set one upon the other and still in their grace.</summary>
    public const int CountMax = 10;

    /// <summary>The purpose of judging webhooks: told once an hour, for they are as many as the vendor likes.</summary>
    public const string Webhooks = "webhooks";

    /// <summary>The purpose of asking for what webhooks announced: told once an hour too, for each may bring a fetch.</summary>
    public const string Fetches = "fetch";

    private static readonly LocalDateTimePattern Hour = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH");

    private readonly ConcurrentDictionary<(string Tenant, string SourceId, string Purpose), Guid> told = new();

    /// <summary>Those that count now and were set for the source's origin, newest first.</summary>
    /// <param name="purpose">What for, as the event tells it: one for each correlation id, of <see cref="Webhooks"/> and <see cref="Fetches"/> one an hour.</param>
    public async Task<IReadOnlyList<Credential>> OpenAsync(Source source, string purpose, string correlationId, CancellationToken ct)
    {
        var (now, tenant, sourceId) = (clock.GetCurrentInstant(), source.Tenant, source.Id);
        var lives = (await CredentialRows.LivesAsync(database, tenant, sourceId, CountMax, ct)).Where(life => life.CountsAt(now)).ToList();
        IReadOnlyList<Guid> ids = [.. lives.Select(life => life.Id)];
        if (ids.Count == 0)
        {
            return [];
        }

        var rows = await CredentialRows.SealedAsync(database, ids, ct);
        var reading = purpose is Webhooks or Fetches ? Hour.Format(now.InUtc().LocalDateTime) : correlationId;
        await TellAsync(tenant, sourceId, purpose, reading, correlationId, ids, ct);
        var credentials = new List<Credential>();
        foreach (var row in rows)
        {
            var opened = row.Open(masters.Find(row.MasterKeyId));
            if (await OriginAsync(source, opened, lives.Find(life => life.Id == row.Id)!, ct) == CredentialOrigin.Of(source.BaseUrl))
            {
                credentials.Add(opened with { Values = opened.Values.Where(value => value.Key != CredentialOrigin.Member).ToDictionary(StringComparer.Ordinal) });
            }
        }

        return credentials;
    }

    /// <summary>Those that count now, newest first, without their values.</summary>
    public async Task<IReadOnlyList<CredentialLife>> ListAsync(string tenant, string sourceId, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        return [.. (await CredentialRows.LivesAsync(database, tenant, sourceId, CountMax, ct)).Where(life => life.CountsAt(now))];
    }

    /// <summary>Those that were sealed before origins were are bound to what the source was then, which the log tells.</summary>
    private async Task<string?> OriginAsync(Source source, Credential opened, CredentialLife life, CancellationToken ct) =>
        opened.Values.TryGetValue(CredentialOrigin.Member, out var origin) ? origin
        : await CredentialRows.BaseUrlAsync(database, source.Tenant, source.Id, life.Position, ct) is { } baseUrl ? CredentialOrigin.Of(new Uri(baseUrl))
        : null;

    private async Task TellAsync(
        string tenant, string sourceId, string purpose, string reading, string correlationId, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var read = CredentialEvents.Read(tenant, sourceId, purpose, reading, ids);
        if (told.GetValueOrDefault((tenant, sourceId, purpose)) == read.Id)
        {
            return;
        }

        await log.AppendAsync(new AppendRequest(tenant, correlationId, [new AppendItem(read.Id, read)]), ct);
        told[(tenant, sourceId, purpose)] = read.Id;
    }
}
