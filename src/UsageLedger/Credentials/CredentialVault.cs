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

    /// <summary>Those that count now, newest first; none when none were set.</summary>
    /// <param name="purpose">What for, as the event tells it: one for each correlation id, of <see cref="Webhooks"/> and <see cref="Fetches"/> one an hour.</param>
    public async Task<IReadOnlyList<Credential>> OpenAsync(string tenant, string sourceId, string purpose, string correlationId, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var lives = await CredentialRows.LivesAsync(database, tenant, sourceId, CountMax, ct);
        IReadOnlyList<Guid> ids = [.. lives.Where(life => life.CountsAt(now)).Select(life => life.Id)];
        if (ids.Count == 0)
        {
            return [];
        }

        var rows = await CredentialRows.SealedAsync(database, ids, ct);
        var reading = purpose is Webhooks or Fetches ? Hour.Format(now.InUtc().LocalDateTime) : correlationId;
        await TellAsync(tenant, sourceId, purpose, reading, correlationId, ids, ct);
        return [.. rows.Select(row => row.Open(masters.Find(row.MasterKeyId)))];
    }

    /// <summary>Those that count now, newest first, without their values.</summary>
    public async Task<IReadOnlyList<CredentialLife>> ListAsync(string tenant, string sourceId, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        return [.. (await CredentialRows.LivesAsync(database, tenant, sourceId, CountMax, ct)).Where(life => life.CountsAt(now))];
    }

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
