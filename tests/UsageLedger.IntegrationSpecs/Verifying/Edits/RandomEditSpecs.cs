using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using UsageLedger.IntegrationSpecs.Crash;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>
/// Every kind of edit that SQL can make to the log, at random places, is found and its place is named: each kind at least once, and a
/// thousand edits by <c>build/test faults</c>. The seed makes the same edits again.
/// </summary>
[Collection(nameof(TamperedLog))]
public sealed class RandomEditSpecs(TamperedLog log, ITestOutputHelper output)
{
    private const int Few = 100;
    private const int Many = 1_000;

    [Fact]
    public async Task Every_edit_is_found_and_its_place_is_named()
    {
        var seed = FaultRun.Seed;
        output.WriteLine($"{FaultRun.SeedVariable}={seed}");
        await using var edited = await EditedLog.OpenAsync(log);
        var started = Stopwatch.GetTimestamp();
        var (told, wrong) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new List<string>());
        foreach (var (edit, number) in Chosen(edited, seed).Select((edit, number) => (edit, number)))
        {
            var expected = await edit.DoAsync(edited, new Random(unchecked((seed * 31) + number)));
            var found = await edited.Copy.DamagedAsync(expected.Options ?? edited.Kept);
            told[edit.Kind] = told.GetValueOrDefault(edit.Kind) + 1;
            if (!expected.IsMetBy(found))
                wrong.Add($"edit {number} ({edit.Kind}): expected {Told(expected.Named)}, found {Told(found)}");
            await edited.RestoreAsync();
        }

        (await edited.Copy.DamagedAsync(edited.Kept)).ShouldBeEmpty();
        Keep(seed, told, wrong, Stopwatch.GetElapsedTime(started));
        string.Join('\n', wrong).ShouldBeEmpty();
    }

    /// <summary>Every kind once, then any.</summary>
    private static IEnumerable<Edit> Chosen(EditedLog edited, int seed)
    {
        Edit[] kinds =
        [
            .. RowEdits.All, .. RowEdits.OfColumns(edited), .. PlaceEdits.All, .. TileEdits.All, .. TailEdits.All,
            .. BookkeepingEdits.All, .. BookkeepingEdits.OfColumns(edited), .. HeadEdits.All, .. RewriteEdits.All,
        ];
        var random = new Random(seed);
        random.Shuffle(kinds);
        return Enumerable.Range(0, Math.Max(kinds.Length, FaultRun.IsSmall ? Few : Many)).Select(i => i < kinds.Length ? kinds[i] : kinds[random.Next(kinds.Length)]);
    }

    private static string Told(IReadOnlyList<(long Position, string Kind)> places) =>
        $"{places.Count}: {string.Join(", ", places.Take(5).Select(place => string.Create(CultureInfo.InvariantCulture, $"{place.Position} {place.Kind}")))}";

    private void Keep(int seed, SortedDictionary<string, int> told, List<string> wrong, TimeSpan elapsed)
    {
        var figures = new { seed, edits = told.Values.Sum(), kinds = told.Count, located = told.Values.Sum() - wrong.Count, events = log.Size, elapsedMs = (long)elapsed.TotalMilliseconds, byKind = told };
        var json = JsonSerializer.Serialize(figures);
        output.WriteLine(json);
        if (FaultRun.Folder is { } folder)
            File.WriteAllText(Path.Combine(folder, "tampering.json"), json + "\n");
    }
}
