using System.Collections.Concurrent;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Credentials;

/// <summary>
/// The master key in force, and beside its file the one to come and the one before, while there are such: what any of them
/// sealed opens. The files are asked anew whenever something is sealed or names a key not met yet, so a running host follows a rotation.
/// </summary>
/// <param name="refusal">Why no key may be made here, where there is none; null: one may.</param>
public sealed class MasterKeys(string file, string? refusal = null)
{
    private readonly ConcurrentDictionary<string, MasterKey> met = new(StringComparer.Ordinal);

    public string File { get; } = file;

    public string NextFile { get; } = file + ".next";

    public string PreviousFile { get; } = file + ".previous";

    /// <summary>What is sealed now is sealed under this one; made if there is none.</summary>
    /// <exception cref="KeyFileException">The file is open to others, or holds no key; or there is none, and none may be made.</exception>
    public MasterKey Current()
    {
        if (!System.IO.File.Exists(File) && (met.IsEmpty ? refusal : $"{File} was here and is gone. Bring it back: a new one would not open what it sealed.") is { } gone)
        {
            throw new KeyFileException(gone);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(File))!);
        return Met(new MasterKey(MasterKeyFile.OpenOrCreate(File)));
    }

    /// <summary>The key in force first.</summary>
    public IReadOnlyList<MasterKey> All() => [Current(), .. Beside()];

    /// <exception cref="KeyFileException">No file here holds the key of this id.</exception>
    public MasterKey Find(string id) =>
        met.TryGetValue(id, out var known) ? known
        : All().FirstOrDefault(key => key.Id == id)
        ?? All().FirstOrDefault(key => key.Id == id) // The files may have changed their places while they were read.
        ?? throw new KeyFileException(
            $"Something is sealed under the master key {id}, which is neither in {File} nor beside it (.next, .previous). Put the file of that key at {PreviousFile}.");

    /// <summary>Lets every host here open what this key seals, before anything is sealed under it.</summary>
    /// <exception cref="KeyFileException">Another key is on its way.</exception>
    internal void Announce(MasterKey next)
    {
        MasterKeyFile.CreateUnlessThere(NextFile, next.Bytes);
        if (new MasterKey(MasterKeyFile.OpenOrCreate(NextFile)).Id != next.Id)
        {
            throw new KeyFileException($"{NextFile} holds another key: a rotation to it was begun and not ended. End it first, with --new-key-file {NextFile}.");
        }
    }

    /// <summary>Puts the announced key in force, and keeps the one before beside it.</summary>
    internal void Promote()
    {
        MasterKeyFile.Replace(PreviousFile, Current().Bytes);
        System.IO.File.Move(NextFile, File, overwrite: true);
    }

    /// <summary>The signing key in this file, under whichever of the keys; made if there is none.</summary>
    /// <exception cref="KeyFileException">The file is open to others, damaged, or sealed under a master key that is not here.</exception>
    public SigningKey SigningKey(string path) => EventLog.Proof.SigningKey.OpenOrCreate(path, [.. All().Select(key => key.Bytes)]);

    private IEnumerable<MasterKey> Beside() => new[] { NextFile, PreviousFile }
        .Where(System.IO.File.Exists)
        .Select(path => Met(new MasterKey(MasterKeyFile.OpenOrCreate(path))));

    private MasterKey Met(MasterKey key) => met.GetOrAdd(key.Id, key);
}
