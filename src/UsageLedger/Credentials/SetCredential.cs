using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Credentials;

/// <summary>Sets a source's credentials; those before count on until their grace ends. It prints no value.</summary>
/// <param name="BaseUrl">Of the source: no other origin is ever sent them.</param>
/// <param name="GraceSeconds">How long the ones before it go on counting.</param>
public sealed record SetCredential(
    string Tenant, string SourceId, Uri BaseUrl, IReadOnlyDictionary<string, string> Values, int GraceSeconds, string CorrelationId)
{
    public const int GraceSecondsMax = 30 * 24 * 60 * 60;

    public override string ToString() => $"set a credential of {SourceId}";
}

/// <summary>Handles <see cref="SetCredential"/>.</summary>
public static class SetCredentialHandler
{
    private const int LivesMax = 100;

    private static readonly Duration Abandoned = Duration.FromHours(1);

    /// <summary>The row first, then the event from which it counts; a row that never got one is erased later. Null: too many are in their grace.</summary>
    public static async Task<CredentialLife?> Handle(
        SetCredential command, MasterKeys masters, LogAppender log, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var lives = await CredentialRows.LivesAsync(database, command.Tenant, command.SourceId, LivesMax, ct);
        await CredentialRows.EraseAsync(database, [.. lives.Where(life => !life.CountsAt(now)).Select(life => life.Id)], now - Abandoned, ct);
        if (command.GraceSeconds > 0 && lives.Count(life => life.CountsAt(now)) >= CredentialVault.CountMax)
        {
            return null;
        }

        var values = CredentialOrigin.Bound(command.Values, command.BaseUrl);
        var made = SealedCredential.Seal(Guid.NewGuid(), command.Tenant, command.SourceId, values, masters.Current());
        await CredentialRows.AddAsync(database, made, command.GraceSeconds, now, ct);
        var set = CredentialEvents.Set(made, command.GraceSeconds);
        await log.AppendAsync(new AppendRequest(command.Tenant, command.CorrelationId, [new AppendItem(set.Id, set)]), ct);
        return (await CredentialRows.LivesAsync(database, command.Tenant, command.SourceId, LivesMax, ct)).First(life => life.Id == made.Id);
    }
}
