using System.Text.Json;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>Pages stay what they are while the log grows, and a cursor goes on where it was for ever.</summary>
public sealed class PagingSpecs
{
    [Theory]
    [InlineData("")]
    [InlineData("&clientId=contoso")]
    [InlineData("&sourceId=twilio")]
    public async Task Paging_beside_writers_skips_nothing_and_repeats_nothing(string filter)
    {
        await using var server = await InProcessServer.StartAsync();
        var key = await server.KeyAsync("acme", "audit", "ingest");
        var other = await server.KeyAsync("globex", "ingest");
        await server.PostAsync("/v1/usage", key, AuditedLog.Usage("before", 60));
        var writing = Task.WhenAll(WriteAsync(server, key, "mine"), WriteAsync(server, other, "theirs"));

        var read = new List<int>();
        for (string? cursor = null; !writing.IsCompleted || cursor is not null;)
        {
            var query = cursor is null && read.Count > 0 ? CursorAfter(read[^1]) : cursor;
            var page = await server.JsonAsync($"/v1/ledger/events?limit=11{filter}{(query is null ? "" : "&cursor=" + query)}", key);
            read.AddRange(page.GetProperty("events").EnumerateArray().Select(stored => stored.GetProperty("position").GetInt32()));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        await writing;
        var rest = await server.JsonAsync($"/v1/ledger/events?limit=1000{filter}&cursor={CursorAfter(read[^1])}", key);
        read.AddRange(rest.GetProperty("events").EnumerateArray().Select(stored => stored.GetProperty("position").GetInt32()));
        var whole = await server.JsonAsync($"/v1/ledger/events?limit=1000{filter}", key);
        read.ShouldBe(whole.GetProperty("events").EnumerateArray().Select(stored => stored.GetProperty("position").GetInt32()));
        whole.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static string CursorAfter(int position) =>
        UsageLedger.Answering.Cursor.Of(position.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static async Task WriteAsync(InProcessServer server, string key, string prefix)
    {
        for (var i = 0; i < 20; i++)
            await server.PostAsync("/v1/usage", key, AuditedLog.Usage($"{prefix}-{i}", 17));
    }
}
