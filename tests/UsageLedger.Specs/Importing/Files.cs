using System.Text;
using UsageLedger.Importing;
using UsageLedger.Recording;
using UsageLedger.Specs.Recording;

namespace UsageLedger.Specs.Importing;

/// <summary>Files as people import them, and how the ledger reads them.</summary>
internal static class Files
{
    public static readonly UsageDefaults Defaults = ImportUsage.DefaultsOf("azure", null, new Dictionary<string, decimal>(), revision: false);

    public static Task<List<ImportedUsage>> ReadAsync(ImportFormat format, string text, UsageDefaults? defaults = null) =>
        ReadAsync(format, Encoding.UTF8.GetBytes(text), defaults);

    public static async Task<List<ImportedUsage>> ReadAsync(ImportFormat format, byte[] bytes, UsageDefaults? defaults = null)
    {
        var items = new List<ImportedUsage>();
        using var file = new MemoryStream(bytes);
        await foreach (var batch in UsageFile.ReadAsync(file, format, "trace.csv", defaults ?? Defaults, Bodies.Now, CancellationToken.None))
        {
            batch.Count.ShouldBeInRange(1, UsageFile.BatchMax);
            items.AddRange(batch);
        }

        return items;
    }

    /// <summary>Each line as "line taken" or "line pointer code".</summary>
    public static string[] Told(this IEnumerable<ImportedUsage> items) =>
        [.. items.Select(item => item.Line + " " + (item.Usage.Record is null ? string.Join(", ", item.Usage.Problems.Select(Bodies.Told)).Trim() : "taken"))];

    public static UsageRecord[] Records(this IEnumerable<ImportedUsage> items) => [.. items.Select(item => item.Usage.Record.ShouldNotBeNull())];
}
