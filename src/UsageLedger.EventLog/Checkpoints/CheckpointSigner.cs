using NodaTime;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.EventLog.Checkpoints;

/// <summary>
/// Signs the head of the log on demand. Every head it signs is kept: whoever has it may ask for it to hold. It signs one
/// history only: each head must be the continuation of the one before, that of earlier runs included.
/// </summary>
/// <param name="origin">The log's name, first line of each note.</param>
public sealed class CheckpointSigner(LogReader reader, LogTiles tiles, CheckpointStore store, SigningKey key, IClock clock, string origin, KeptHeads kept) : IDisposable
{
    private static readonly Duration Fresh = Duration.FromSeconds(1);

    private readonly SemaphoreSlim one = new(1);
    private readonly TreeReader tree = new(tiles);
    private SignedCheckpoint? latest;
    private SignedCheckpoint? before;

    public string Origin => origin;

    /// <summary>What the signatures are checked with.</summary>
    public string PublicPem => key.PublicPem;

    /// <summary>Lets the database know the key; call once at the start.</summary>
    public Task IntroduceAsync(CancellationToken ct) =>
        store.AddKeyAsync(key.KeyId(origin), key.PublicPem, clock.GetCurrentInstant(), ct);

    /// <summary>A signed head that covers the position, and at most a second old.</summary>
    /// <exception cref="LogForkException">The log was cut off or rewritten.</exception>
    public async Task<SignedCheckpoint> CoveringAsync(long position, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            return latest is not null && latest.Size >= position && clock.GetCurrentInstant() - latest.SignedAt < Fresh
                ? latest
                : await SignAsync(await reader.HeadAsync(ct), ct);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Signs the current head and keeps it outside the database too.</summary>
    /// <exception cref="LogForkException">The log was cut off or rewritten.</exception>
    public async Task<SignedCheckpoint> KeepAsync(CancellationToken ct)
    {
        var signed = await CoveringAsync(await reader.HeadAsync(ct), ct);
        if (signed.Size > 0)
        {
            await kept.KeepAsync(signed, ct);
        }

        return signed;
    }

    public void Dispose() => one.Dispose();

    private async Task<SignedCheckpoint> SignAsync(long size, CancellationToken ct)
    {
        if (latest is { } known && known.Size == size)
        {
            return latest = known with { SignedAt = clock.GetCurrentInstant() };
        }

        var root = await tree.RootAsync(size, ct);
        before ??= await kept.LatestAsync(ct);
        await RefuseForkAsync(size, root, ct);
        var note = SignedNote.Sign(new Checkpoint(origin, size, root).ToText(), origin, key).ToString();
        var signed = new SignedCheckpoint(size, root, note, clock.GetCurrentInstant());
        await store.AddAsync(signed, key.KeyId(origin), ct);
        return latest = before = signed;
    }

    private async Task RefuseForkAsync(long size, byte[] root, CancellationToken ct)
    {
        if (before is not { Size: > 0 } signed)
        {
            return;
        }

        if (size < signed.Size)
        {
            throw Fork($"The log has {size} events, but a head of {signed.Size} was signed before: its end was cut off, or it is an older copy.");
        }

        var path = await tree.ConsistencyPathAsync(signed.Size, size, ct);
        if (!ConsistencyProof.Verify(signed.Size, size, path, signed.RootHash.Span, root))
        {
            throw Fork($"The log is not the continuation of that whose head of {signed.Size} events was signed before: it was rewritten.");
        }
    }

    private LogForkException Fork(string what) =>
        new($"{what} Nothing is signed any more; 'ledger verify' tells where. If another log is meant to begin, move the files of {kept.Folder} away.");
}
