using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using UsageLedger.Exporting;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Recording;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Exporting;

public sealed class ExportSpecs
{
    [Theory]
    [InlineData(ExportFormat.Csv)]
    [InlineData(ExportFormat.Ndjson)]
    [InlineData(ExportFormat.Focus)]
    public async Task Rows_add_up_to_the_cycle_as_it_is_read(ExportFormat format)
    {
        await using var books = await Eventful.OpenAsync();
        foreach (var cycle in new[] { "2026-08", "2026-09", "current" })
        {
            var report = await books.CycleAsync(cycle);
            var (document, summary, _) = await WrittenAsync(books, cycle, format);

            summary.Totals.ShouldBe(report.Totals);
            summary.Position.ShouldBe(report.Position);
            var costs = format == ExportFormat.Ndjson
                ? document.Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1].Select(line => JsonElement.Parse(line)).Select(row => (Currency: Text(row, "currency"), Cost: Text(row, "cost")))
                : Table(document).Select(row => (Currency: row[format == ExportFormat.Csv ? "currency" : "BillingCurrency"], Cost: row[format == ExportFormat.Csv ? "cost" : "BilledCost"]));
            costs.GroupBy(row => row.Currency, row => row.Cost.Length > 0 ? decimal.Parse(row.Cost, CultureInfo.InvariantCulture) : 0m)
                .OrderBy(currency => currency.Key, StringComparer.Ordinal)
                .Select(currency => $"{currency.Key} {ExactDecimal.ToText(currency.Sum())}")
                .ShouldBe(report.Totals.Select(total => $"{total.Currency} {total.Cost}"));
        }
    }

    [Fact]
    public async Task The_hash_is_that_of_the_bytes_and_the_last_line_of_ndjson_tells_that_of_the_rows()
    {
        await using var books = await Eventful.OpenAsync();

        var (csv, summary, digest) = await WrittenAsync(books, "2026-08", ExportFormat.Csv);
        summary.Sha256.ShouldBe(Convert.ToHexStringLower(digest));
        digest.ShouldBe(SHA256.HashData(Encoding.UTF8.GetBytes(csv)));

        var (ndjson, told, whole) = await WrittenAsync(books, "2026-08", ExportFormat.Ndjson);
        var end = ndjson.TrimEnd('\n').LastIndexOf('\n') + 1;
        whole.ShouldBe(SHA256.HashData(Encoding.UTF8.GetBytes(ndjson)));
        told.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ndjson[..end]))));
        var last = JsonElement.Parse(ndjson[end..]).GetProperty("summary");
        (last.GetProperty("sha256").GetString(), last.GetProperty("rows").GetInt64(), last.GetProperty("position").GetInt64()).ShouldBe((told.Sha256, 3, told.Position));
    }

    [Fact]
    public async Task No_cell_is_a_formula_to_a_spreadsheet_and_numbers_stay_numbers()
    {
        await using var books = await OpenAsync();
        string[] formulas = ["=1+1", "+1", "-1", "@sum", "\t=1", "\"=1\"", "a,b\r\nc"];
        await books.RecordAsync([.. formulas.Select((formula, at) => Usage($"{at}", "2026-09-02T10:00:00Z", 2m, -0.5m) with { AgentId = formula.Replace("\t", "-", StringComparison.Ordinal).Replace("\r\n", " ", StringComparison.Ordinal), IdempotencyKey = formula })]);

        var (csv, _, _) = await WrittenAsync(books, "2026-09", ExportFormat.Csv);

        var rows = Table(csv);
        rows.Select(row => row["idempotencyKey"]).ShouldBe(["'=1+1", "'+1", "'-1", "'@sum", "'\t=1", "\"=1\"", "a,b\r\nc"]);
        rows.ShouldAllBe(row => row["cost"] == "-0.5" && row["quantity"] == "2");
        var (focus, _, _) = await WrittenAsync(books, "2026-09", ExportFormat.Focus);
        Table(focus).Select(row => row["x_IdempotencyKey"]).ShouldBe(rows.Select(row => row["idempotencyKey"]));
        Table(focus).ShouldAllBe(row => row["BilledCost"] == "-0.5" && row["ConsumedQuantity"] == "2");
    }

    [Fact]
    public async Task Focus_columns_tell_periods_corrections_and_what_is_pending()
    {
        await using var books = await Eventful.OpenAsync();

        var august = Table((await WrittenAsync(books, "2026-08", ExportFormat.Focus)).Document);
        var october = Table((await WrittenAsync(books, "current", ExportFormat.Focus)).Document);

        var euro = august.Single(row => row["BillingCurrency"] == "EUR");
        string.Join(' ', euro["BilledCost"], euro["x_CostPending"], euro["ChargePeriodStart"], euro["ChargePeriodEnd"], euro["BillingPeriodStart"], euro["BillingPeriodEnd"])
            .ShouldBe("0 true 2026-08-31T23:00:00Z 2026-09-01T00:00:00Z 2026-08-01T00:00:00Z 2026-09-01T00:00:00Z");
        euro["ServiceCategory"].ShouldBe("AI and Machine Learning");
        october.Select(row => $"{row["ChargeCategory"]} {row["ChargeClass"]} {row["x_OriginCycle"]} {row["EffectiveCost"]}").ShouldBe(
            ["Usage Correction 2026-08-01 0.5", "Usage   0.1", "Usage Correction 2026-08-01 -1.1"]);
    }

    [Fact]
    public async Task A_download_tells_its_position_and_from_there_its_summary_is_that_of_its_bytes_however_the_log_grew()
    {
        await using var server = await BooksServer.StartAsync();
        await Eventful.FillAsync(server.Books);
        await server.Books.ArriveAsync();

        using var answer = await server.SendAsync(HttpMethod.Get, "/v1/clients/contoso/cycles/2026-08/export?format=csv", scope: "query");

        var body = await answer.Content.ReadAsByteArrayAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("contoso-2026-08-01.csv");
        answer.Headers.GetValues("X-Ledger-Position").Single().ShouldBe((await server.Books.Log.HeadAsync()).ToString(CultureInfo.InvariantCulture));
        var position = answer.Headers.GetValues("X-Ledger-Position").Single();
        await server.Books.RecordAsync(Usage("another", "2026-09-02T10:00:00Z", 1m, 1m));
        foreach (var cycle in new[] { "2026-08", "2026-09" })
        {
            var told = (await server.GetAsync($"/v1/clients/contoso/cycles/{cycle}/export?format=csv&summary=true&asOf={position}")).GetProperty("summary");
            told.GetProperty("rows").GetInt64().ShouldBe(cycle == "2026-08" ? 3 : 0);
            told.GetProperty("position").GetRawText().ShouldBe(position);
            (told.GetProperty("sha256").GetString() == Convert.ToHexStringLower(SHA256.HashData(body))).ShouldBe(cycle == "2026-08");
        }

        await server.GetAsync("/v1/clients/contoso/cycles/2026-08/export?format=csv&asOf=99", HttpStatusCode.BadRequest);
        await server.GetAsync("/v1/clients/contoso/cycles/2026-08/export", HttpStatusCode.BadRequest);
        await server.GetAsync("/v1/clients/contoso/cycles/2026-08/export?format=pdf", HttpStatusCode.BadRequest);
        await server.GetAsync("/v1/clients/nobody/cycles/2026-08/export?format=pdf", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Two_hundred_thousand_usages_are_written_in_the_memory_of_a_page()
    {
        const int batch = 10_000;
        const int batches = 20;
        const long memoryMax = 64 * 1024 * 1024;
        await using var books = await OpenAsync();
        for (var at = 0; at < batches; at++)
        {
            var begin = at * batch;
            await books.RecordAsync([.. Enumerable.Range(begin, batch).Select(number => Usage($"{number}", "2026-09-02T10:00:00Z", 1m, 0.001m))]);
        }

        var export = await books.ExportAsync("2026-09", ExportFormat.Csv);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watched = new WatchedStream();
        var (summary, _) = await export.WriteAsync(watched, default);

        (summary.Rows, summary.Totals.Single().Cost).ShouldBe((batch * batches, "200"));
        watched.Length.ShouldBeGreaterThan(batch * batches * 100L);
        (watched.MemoryMax - before).ShouldBeLessThan(memoryMax);
    }

    private static async Task<(string Document, ExportSummary Summary, byte[] Digest)> WrittenAsync(Books books, string cycle, ExportFormat format)
    {
        using var stream = new MemoryStream();
        var (summary, digest) = await (await books.ExportAsync(cycle, format)).WriteAsync(stream, default);
        return (Encoding.UTF8.GetString(stream.ToArray()), summary, digest);
    }

    private static string Text(JsonElement row, string member) => row.GetProperty(member).GetString() ?? "";

    /// <summary>Read as RFC 4180 says, by another reader than the writer's.</summary>
    private static List<Dictionary<string, string>> Table(string csv)
    {
        var rows = new List<List<string>> { new() };
        var (cell, quoted) = (new StringBuilder(), false);
        for (var at = 0; at < csv.Length; at++)
        {
            var letter = csv[at];
            if (quoted && letter == '"' && at + 1 < csv.Length && csv[at + 1] == '"')
            {
                cell.Append(csv[at++]);
            }
            else if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && letter is ',' or '\r' && !quoted)
            {
                rows[^1].Add(cell.ToString());
                cell.Clear();
            }
            else if (!quoted && letter == '\n')
            {
                rows.Add([]);
            }
            else
            {
                cell.Append(letter);
            }
        }

        return [.. rows.Skip(1).Where(row => row.Count > 0).Select(row => rows[0].Zip(row).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    /// <summary>Takes everything, keeps nothing, and looks at the memory in use now and then.</summary>
    private sealed class WatchedStream : Stream
    {
        private const int Every = 100;
        private int writes;
        private long length;

        public long MemoryMax { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => length;

        public override long Position { get => length; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            length += count;
            if (writes++ % Every == 0)
                MemoryMax = Math.Max(MemoryMax, GC.GetTotalMemory(forceFullCollection: true));
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
