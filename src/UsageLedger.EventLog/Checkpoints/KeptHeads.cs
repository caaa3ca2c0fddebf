using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Checkpoints;

/// <summary>Signed heads in a folder outside the database: all of the last day on which there were any, and the last one of each day before.</summary>
/// <remarks>The last one vouches for all before it; the others tell more closely where something was changed.</remarks>
public sealed class KeptHeads(string folder)
{
    private const int NoteBytesMax = 128 * 1024;

    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd");

    public string Folder => folder;

    /// <summary>The one of the largest size, or null; what is no signed head is passed over.</summary>
    public async Task<SignedCheckpoint?> LatestAsync(CancellationToken ct)
    {
        SignedCheckpoint? latest = null;
        foreach (var file in Files())
        {
            try
            {
                var note = await ReadAsync(file, ct);
                var checkpoint = Checkpoint.Parse(SignedNote.Parse(note).Text);
                latest = latest?.Size >= checkpoint.Size ? latest : new SignedCheckpoint(checkpoint.Size, checkpoint.RootHash, note, Instant.MinValue);
            }
            catch (Exception failure) when (failure is NoteFormatException or FileNotFoundException)
            {
                // Verify names such a file; here it only is no head to compare with.
            }
        }

        return latest;
    }

    /// <summary>File names and notes of all; a file that is gone meanwhile was one of many of its day.</summary>
    public async Task<IReadOnlyList<(string File, string Note)>> AllAsync(CancellationToken ct)
    {
        var all = new List<(string, string)>();
        foreach (var file in Files())
        {
            try
            {
                all.Add((file.Name, await ReadAsync(file, ct)));
            }
            catch (NoteFormatException tooLarge)
            {
                // No head, so that verify names the file; an empty one would be passed over.
                all.Add((file.Name, tooLarge.Message));
            }
            catch (FileNotFoundException)
            {
                continue;
            }
        }

        return all;
    }

    /// <summary>The text of a note's file.</summary>
    /// <exception cref="NoteFormatException">The file is too large to hold a note.</exception>
    public static async Task<string> ReadAsync(FileInfo file, CancellationToken ct) => file.Length <= NoteBytesMax
        ? await File.ReadAllTextAsync(file.FullName, ct)
        : throw new NoteFormatException($"{file.Name} has {file.Length} bytes; no note has more than {NoteBytesMax}.");

    public async Task KeepAsync(SignedCheckpoint head, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var day = Day.Format(head.SignedAt.InUtc().Date);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{day}-{head.Size:D19}.txt"));
        if (!File.Exists(path))
        {
            var temporary = $"{path}.{Path.GetRandomFileName()}";
            await WriteAsync(temporary, head.Note, ct);
            File.Move(temporary, path, overwrite: true);
            Thin(day);
        }
    }

    /// <summary>On the disk before it has its name, so that a power cut leaves the whole note or none.</summary>
    private static async Task WriteAsync(string path, string note, CancellationToken ct)
    {
        await using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(note), ct);
        stream.Flush(flushToDisk: true);
    }

    private IEnumerable<FileInfo> Files()
    {
        var all = new DirectoryInfo(folder);
        return all.Exists ? all.EnumerateFiles("*.txt").OrderBy(file => file.Name, StringComparer.Ordinal) : [];
    }

    private void Thin(string today)
    {
        var days = Files().Where(file => file.Length > 0).GroupBy(file => file.Name.Length > today.Length ? file.Name[..today.Length] : "")
            .Where(day => Day.Parse(day.Key).Success && string.CompareOrdinal(day.Key, today) < 0);
        foreach (var file in days.SelectMany(day => day.SkipLast(1)).ToList())
        {
            file.Delete();
        }
    }
}
