using System.Net;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Replaying;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Replaying;

/// <summary>Whatever somebody makes of an event by SQL, nobody is left without an answer that says where.</summary>
public sealed class UnreadableEventSpecs
{
    private const string August = "/v1/clients/contoso/cycles/2026-08/";
    private const string Deep = """(repeat('{"a":', 70) || '1' || repeat('}', 70))::jsonb""";

    private static readonly string[] Changes =
    [
        "data - 'quantity'", """jsonb_set(data, '{quantity}', '"many"')""", "jsonb_set(data, '{quantity}', '7')", "jsonb_set(data, '{cost}', '[]')",
        """jsonb_set(data, '{occurredAt}', '"yesterday"')""", """jsonb_set(data, '{attributes}', '"none"')""", "'[]'", "'{}'", "'null'", "'7'", """'"text"'""", Deep,
        "data || '{\"metric\":null}'",
    ];

    [Fact]
    public async Task An_event_that_cannot_be_read_is_named_by_every_answer_that_needs_it()
    {
        await using var server = await BooksServer.StartAsync();
        await Eventful.FillAsync(server.Books);
        await server.Books.ArriveAsync();
        foreach (var change in Changes)
        {
            await ChangedAsync(server, "data ->> 'idempotencyKey' = 'steady'", change, async position =>
            {
                foreach (var path in new[] { "explain", "export?format=csv", "export?format=focus", "export?format=ndjson", "export?format=csv&summary=true" })
                    await ShouldBeRefusedAsync(server, August + path, position);
                await ShouldBeAuditedAsync(server, position, change, lines: 2);
            });
        }
    }

    [Fact]
    public async Task What_is_told_about_usage_is_named_too_when_it_cannot_be_read()
    {
        await using var server = await BooksServer.StartAsync();
        await Eventful.FillAsync(server.Books);
        await server.Books.ArriveAsync();
        await ChangedAsync(server, "type = 'usage_revised'", "data - 'current'", async position =>
        {
            await ShouldBeRefusedAsync(server, August + "explain", position);
            await ShouldBeRefusedAsync(server, August + "export?format=csv", position);
            await ShouldBeAuditedAsync(server, position, "data - 'current'", lines: 3);
        });
        await ChangedAsync(server, "type = 'mapping_set'", "'{}'", position => ShouldBeRefusedAsync(server, "/v1/clients/fabrikam/cycles/2026-08/explain", position));
    }

    [Fact]
    public async Task An_export_that_has_sent_some_of_its_rows_breaks_off_and_its_summary_is_refused()
    {
        const int records = 6_000;
        await using var server = await BooksServer.StartAsync();
        await server.Books.RecordAsync([.. Enumerable.Range(0, records).Select(number => Usage($"{number}", "2026-08-02T10:00:00Z", 1m, 0.001m))]);
        await server.Books.ArriveAsync();
        await ChangedAsync(server, $"data ->> 'idempotencyKey' = '{records - 1}'", "data - 'quantity'", async position =>
        {
            foreach (var format in new[] { "csv", "focus", "ndjson" })
            {
                await Should.ThrowAsync<HttpRequestException>(server.SendAsync(HttpMethod.Get, $"{August}export?format={format}", scope: "query"), format);
                await ShouldBeRefusedAsync(server, $"{August}export?format={format}&summary=true", position);
            }
        });
        (await server.SendAsync(HttpMethod.Get, $"{August}export?format=csv", scope: "query")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_registration_that_cannot_be_read_is_named_and_one_without_the_cycle_is_a_difference()
    {
        await using var server = await BooksServer.StartAsync();
        await server.Books.RegisterAsync();
        await server.Books.RecordAsync(Usage("1", "2026-08-02T10:00:00Z", 10m, 1m));
        await server.Books.ArriveAsync();
        await ChangedAsync(server, "type = 'client_registered'", "data - 'timeZone'", async position =>
        {
            foreach (var path in new[] { August + "explain", August + "export?format=csv", August.TrimEnd('/'), "/v1/clients/contoso/cycles" })
                await ShouldBeRefusedAsync(server, path, position);
        });
        foreach (var change in new[] { """jsonb_set(data, '{anchorDay}', '"15"')""", """jsonb_set(data, '{period}', '"weekly"')""" })
        {
            await ChangedAsync(server, "type = 'client_registered'", change, async position =>
            {
                (await AuditAsync(server)).ShouldBe([$"event_changed position {position}", "cycle_missing cycle 2026-08"], change);
                (await server.SendAsync(HttpMethod.Get, "/v1/clients/nobody/cycles/2026-08/audit", scope: "audit")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            });
        }

        (await AuditAsync(server)).ShouldBeEmpty();
        (await server.SendAsync(HttpMethod.Get, "/v1/clients/contoso/cycles/2026-08-15/audit", scope: "audit")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>Changes one event for as long as it is looked at.</summary>
    private static async Task ChangedAsync(BooksServer server, string which, string change, Func<long, Task> look)
    {
        var log = server.Books.Log;
        var position = await log.AskAsync<long>($"select min(seq_id) from ledger.mt_events where {which}");
        await log.DoAsync($"create table kept as select data from ledger.mt_events where seq_id = {position}");
        await log.DoAsync($"update ledger.mt_events set data = {change} where seq_id = {position}");
        await look(position);
        await log.DoAsync($"update ledger.mt_events set data = (select data from kept) where seq_id = {position}");
        await log.DoAsync("drop table kept");
    }

    private static async Task ShouldBeRefusedAsync(BooksServer server, string path, long position)
    {
        var problem = await BooksCaller.ReadAsync(await server.SendAsync(HttpMethod.Get, path, scope: "query"), HttpStatusCode.UnprocessableEntity);
        problem.GetProperty("code").GetString().ShouldBe("event_unreadable", path);
        problem.GetProperty("position").GetInt64().ShouldBe(position, path);
        problem.GetProperty("detail").GetString()!.ShouldStartWith($"The event at position {position} cannot be read");
        problem.GetRawText().ShouldNotContain("   at ", Case.Sensitive, path);
    }

    /// <summary>The audit goes on: what else there is, is still compared and listed.</summary>
    private static async Task ShouldBeAuditedAsync(BooksServer server, long position, string change, int lines)
    {
        var audit = await server.Books.AuditAsync("2026-08", events: 1);
        audit.Differences.ShouldContain(one => one.Kind == AuditDifference.EventChanged && one.At == $"position {position}", change);
        audit.Differences.ShouldContain(one => one.Kind == AuditDifference.EventUnreadable && one.At == $"position {position}", change);
        (audit.Holds, audit.Lines!.Count).ShouldBe((false, lines), change);
        (await audit.Events!.ToListAsync()).ShouldNotContain(use => use.Position == position, change);
        (await AuditAsync(server)).ShouldContain($"event_unreadable position {position}", change);
    }

    private static async Task<string[]> AuditAsync(BooksServer server)
    {
        var audit = await BooksCaller.ReadAsync(await server.SendAsync(HttpMethod.Get, August + "audit", scope: "audit"), HttpStatusCode.OK);
        return [.. audit.GetProperty("differences").EnumerateArray().Select(one => $"{one.GetProperty("kind")} {one.GetProperty("at")}")];
    }
}
