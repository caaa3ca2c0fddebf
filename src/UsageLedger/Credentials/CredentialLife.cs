using NodaTime;

namespace UsageLedger.Credentials;

/// <summary>From when until when a credential counts; without its values.</summary>
/// <param name="ExpiresAt">A newer one took over, and its grace ends then; null: it is the one in force.</param>
/// <param name="Position">Of the event that set it.</param>
public sealed record CredentialLife(Guid Id, Instant CreatedAt, Instant? ExpiresAt, long Position)
{
    public bool CountsAt(Instant now) => ExpiresAt is not { } end || now < end;

    /// <summary>What became of credentials that were set one after another: each newer one leaves the older ones its grace.</summary>
    /// <param name="set">Newest first.</param>
    internal static IReadOnlyList<CredentialLife> Of(IEnumerable<CredentialStart> set)
    {
        var lives = new List<CredentialLife>();
        Instant? end = null;
        foreach (var start in set)
        {
            lives.Add(new CredentialLife(start.Id, start.SetAt, end, start.Position));
            var grace = start.SetAt + Duration.FromSeconds(start.GraceSeconds);
            end = end is { } earlier && earlier < grace ? earlier : grace;
        }

        return lives;
    }
}

/// <summary>When a credential was set, and what grace it left to those before.</summary>
internal sealed record CredentialStart(Guid Id, Instant SetAt, int GraceSeconds, long Position);
