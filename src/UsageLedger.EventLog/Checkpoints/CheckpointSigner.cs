using NodaTime;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.EventLog.Checkpoints;

/// <summary>Signs the head of the log on demand. Every head it signs is kept: whoever has it may ask for it to hold.</summary>
/// <param name="origin">The log's name, first line of each note.</param>
/// <param name="folder">Where heads are also kept outside the database.</param>
public sealed class CheckpointSigner(LogReader reader, LogTiles tiles, CheckpointStore store, SigningKey key, IClock clock, string origin, string folder) : IDisposable
{
    private static readonly Duration Fresh = Duration.FromSeconds(1);

    private readonly SemaphoreSlim one = new(1);
    private SignedCheckpoint? latest;

    public string Origin => origin;

    /// <summary>What the signatures are checked with.</summary>
    public string PublicPem => key.PublicPem;

    /// <summary>Lets the database know the key; call once at the start.</summary>
    public Task IntroduceAsync(CancellationToken ct) =>
        store.AddKeyAsync(key.KeyId(origin), key.PublicPem, clock.GetCurrentInstant(), ct);

    /// <summary>A signed head that covers the position, and at most a second old.</summary>
    public async Task<SignedCheckpoint> CoveringAsync(long position, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (latest is not null && latest.Size >= position && clock.GetCurrentInstant() - latest.SignedAt < Fresh)
            {
                return latest;
            }

            return latest = await SignAsync(await reader.HeadAsync(ct), ct);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Signs the head of the log as it was at this size.</summary>
    public async Task<SignedCheckpoint> SignAsync(long size, CancellationToken ct)
    {
        if (latest is { } known && known.Size == size)
        {
            return latest = known with { SignedAt = clock.GetCurrentInstant() };
        }

        var root = await new TreeReader(tiles).RootAsync(size, ct);
        var note = SignedNote.Sign(new Checkpoint(origin, size, root).ToText(), origin, key).ToString();
        var signed = new SignedCheckpoint(size, root, note, clock.GetCurrentInstant());
        await store.AddAsync(signed, key.KeyId(origin), ct);
        return signed;
    }

    /// <summary>Signs the current head and keeps it outside the database too.</summary>
    public async Task<SignedCheckpoint> KeepAsync(CancellationToken ct)
    {
        var signed = await CoveringAsync(0, ct);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{signed.Size:D19}.txt"));
        if (signed.Size > 0 && !File.Exists(path))
        {
            await File.WriteAllTextAsync(path + ".new", signed.Note, ct);
            File.Move(path + ".new", path, overwrite: true);
        }

        return signed;
    }

    public void Dispose() => one.Dispose();
}
