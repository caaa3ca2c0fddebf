using UsageLedger.Answering;
using UsageLedger.Receiving;
using UsageLedger.Recording;

namespace UsageLedger.Collecting;

/// <summary>What a vendor's answer or delivery is made into, one vendor record after another.</summary>
internal sealed class Normalised
{
    /// <summary>What stands for the id of a record that has none.</summary>
    public const string Unnamed = "unnamed";

    private const int NativeIdMax = 100;

    private readonly List<UsageRecord> records = [];
    private readonly List<RejectedRecord> rejected = [];
    private readonly List<RecordNote> notes = [];

    public IReadOnlyList<UsageRecord> Records => records;

    public IReadOnlyList<RejectedRecord> Rejected => rejected;

    /// <summary>Takes all that one vendor record gives, or none of it and the reason.</summary>
    /// <param name="make">Throws <see cref="FormatException"/> where the vendor's record cannot be what it should; the message holds no value.</param>
    public void Take(string? nativeId, Func<string, IEnumerable<UsageRecord>> make)
    {
        if (nativeId is null || nativeId.Contains(':', StringComparison.Ordinal) || TextRules.BrokenId(nativeId) is not null)
        {
            Reject(Unnamed, "a record's id is missing, or is none");
            return;
        }

        try
        {
            Take(nativeId, [.. make(nativeId)]);
        }
        catch (FormatException unusable)
        {
            Reject(nativeId, unusable.Message);
        }
        catch (InvalidOperationException)
        {
            Reject(nativeId, "a text in it is no Unicode");
        }
    }

    public void Reject(string nativeId, string reason) =>
        rejected.Add(new RejectedRecord(nativeId.Length <= NativeIdMax ? nativeId : nativeId[..NativeIdMax], reason));

    /// <summary>What is amiss with a record that is taken all the same.</summary>
    public void Note(string nativeId, string note) => notes.Add(new RecordNote(nativeId, note));

    public CollectedPage ToPage(string? cursor, long bytes) => new(records, rejected, cursor, bytes) { Notes = notes };

    /// <summary>What is usable is recorded also where something is not.</summary>
    public WebhookReading ToReading(IReadOnlyList<string>? fetch = null) =>
        new(records, fetch ?? [], rejected.Count == 0 ? null : $"{rejected[0].NativeId}: {rejected[0].Reason}");

    private void Take(string nativeId, List<UsageRecord> made)
    {
        foreach (var record in made)
        {
            if (RecordRules.Broken(record) is { } broken)
            {
                throw new FormatException(broken);
            }
        }

        if (made.DistinctBy(record => record.IdempotencyKey).Count() != made.Count)
        {
            throw new FormatException("two of its parts have one name");
        }

        records.AddRange(made);
    }
}

/// <summary>What holds for every usage record, whoever made it.</summary>
internal static class RecordRules
{
    /// <summary>The rule that a record breaks, or null. Attributes are right by their making.</summary>
    public static string? Broken(UsageRecord record) =>
        !DateBounds.Hold(record.OccurredAt) ? "its time is not of this century"
        : record.Quantity < 0 ? "its quantity is negative"
        : !Currencies.Contains(record.Currency) ? "its currency is unknown"
        : Text("idempotencyKey", record.IdempotencyKey) ?? Text("metric", record.Metric) ?? Text("unit", record.Unit)
            ?? (record.ResourceId is { } resource ? Text("resourceId", resource) : null)
            ?? Figure("quantity", record.Quantity) ?? Figure("cost", record.Cost) ?? Figure("unitCost", record.UnitCost);

    private static string? Text(string name, string text) =>
        TextRules.Broken(text, TextRules.TextMax) is { } rule ? $"its {name} {rule.Message}" : null;

    private static string? Figure(string name, decimal? figure) =>
        figure is { } known && ExactDecimal.Read(System.Text.Encoding.ASCII.GetBytes(ExactDecimal.ToText(known)), out _) != DecimalReading.Exact
            ? $"its {name} has more than 28 digits"
            : null;
}
