using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Recording;

/// <summary>Handles <see cref="RecordUsage"/>.</summary>
public static class RecordUsageHandler
{
    /// <summary>Appends the records that are not refused, all together, and answers for every item once they are on disk.</summary>
    public static async Task<RecordingAnswer> Handle(RecordUsage command, LogAppender log, CancellationToken ct)
    {
        var request = Request(command);
        var outcome = await log.AppendAsync(request, ct);
        return Answer(command, request, outcome);
    }

    /// <summary>What goes to the log: an item for each record, in order.</summary>
    internal static AppendRequest Request(RecordUsage command)
    {
        var json = new CanonicalJsonWriter();
        var items = new List<AppendItem>(command.Items.Count);
        UsageRecord? last = null;
        var stream = "";
        foreach (var item in command.Items)
        {
            if (item.Record is not { } record)
            {
                continue;
            }

            // Neighbours mostly share a stream, and then share its name in memory.
            stream = last is not null && ReferenceEquals(last.ClientId, record.ClientId) && ReferenceEquals(last.Source, record.Source)
                ? stream
                : record.Stream;
            last = record;
            var append = new UsageAppend(record.Key(command.Tenant).Id, record, item.Mode, UsageRecordJson.Write(record, json), item.AskedAfter);
            items.Add(append.ToItem(stream));
        }

        return new AppendRequest(command.Tenant, command.CorrelationId, items);
    }

    internal static RecordingAnswer Answer(RecordUsage command, AppendRequest request, AppendOutcome outcome)
    {
        var items = new RecordedItem[command.Items.Count];
        var taken = 0;
        for (var index = 0; index < items.Length; index++)
        {
            var parsed = command.Items[index];
            items[index] = parsed.Record is null
                ? RecordedItem.Rejected(index, parsed.Problems)
                : RecordedItem.From(index, request.Items[taken].Key, outcome.Items[taken++]);
        }

        return RecordingAnswer.Of(items);
    }
}
