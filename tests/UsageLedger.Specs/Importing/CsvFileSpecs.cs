using System.Text;
using UsageLedger.Importing;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Importing;

public sealed class CsvFileSpecs
{
    private const string Header = "idempotencyKey,provider,metric,quantity,unit,occurredAt";
    private const string Row = "k-1,retell,call.seconds,61,second,2026-11-19T10:00:00Z";

    [Fact]
    public async Task Columns_are_the_members_of_a_record()
    {
        var items = await Files.ReadAsync(ImportFormat.Csv,
            "\uFEFFidempotencyKey,provider,metric,quantity,unit,occurredAt,clientId,cost,currency,revision,attributes.region,attributes.note\r\n" +
            "k-1,retell,call.seconds,61.50,second,2026-11-19T10:00:00Z,contoso,1e-06,EUR,true,eu,\"a \"\"b\"\", c\"\r\n" +
            "k-2,retell,call.seconds,1,second,2026-11-19T10:00:00+01:00,,,,,,\r\n");

        items.Told().ShouldBe(["2 taken", "3 taken"]);
        items[0].Usage.Revision.ShouldBeTrue();
        var (first, second) = (items.Records()[0], items.Records()[1]);
        (first.Quantity, first.Cost, first.Currency, first.ClientId, first.Source).ShouldBe((61.5m, 0.000001m, "EUR", "contoso", "azure"));
        first.Attributes.ShouldBe([new NamedText("note", "a \"b\", c"), new NamedText("region", "eu")]);
        (second.Cost, second.Currency, second.ClientId).ShouldBe((null, "USD", null));
        second.Attributes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_final_line_end_is_optional_and_empty_lines_are_skipped() =>
        (await Files.ReadAsync(ImportFormat.Csv, $"{Header}\n\n{Row}\r\n\n{Row}")).Told().ShouldBe(["3 taken", "5 taken"]);

    [Theory]
    [InlineData("k-1,retell,call.seconds,sixty,second,2026-11-19T10:00:00Z", "/quantity not_a_number")]
    [InlineData("k-1,retell,call.seconds, 61,second,2026-11-19T10:00:00Z", "/quantity not_a_number")]
    [InlineData("k-1,,call.seconds,61,second,", "/provider missing_member, /occurredAt missing_member")]
    [InlineData("k-1,retell,call.seconds,61,second", "invalid_row")]
    [InlineData("k-1,retell,call.seconds,1,000,second,2026-11-19T10:00:00Z", "invalid_row")]
    [InlineData("k\"1,retell,call.seconds,61,second,2026-11-19T10:00:00Z", "invalid_row")]
    [InlineData("\"k\"1,retell,call.seconds,61,second,2026-11-19T10:00:00Z", "invalid_row")]
    [InlineData("\"k\t1\",retell,call.seconds,61,second,2026-11-19T10:00:00Z", "/idempotencyKey control_character")]
    public async Task A_bad_row_is_refused_by_itself(string row, string problem) =>
        (await Files.ReadAsync(ImportFormat.Csv, $"{Header}\n{Row}\n{row}\n{Row}")).Told().ShouldBe(["2 taken", "3 " + problem, "4 taken"]);

    [Fact]
    public async Task A_row_of_several_lines_is_numbered_by_its_first() =>
        (await Files.ReadAsync(ImportFormat.Csv, $"{Header}\n\"k\n1\",retell,m,1,s,2026-11-19T10:00:00Z\n{Row}")).Told()
            .ShouldBe(["2 /idempotencyKey control_character", "4 taken"]);

    [Theory]
    [InlineData("idempotencyKey,provider,metric,quantity,unit,occurredAt,unitcost", "/unitcost invalid_header")]
    [InlineData("idempotencyKey,provider,metric,quantity,unit,occurredAt,attributes", "/attributes invalid_header")]
    [InlineData("idempotencyKey,provider,metric,quantity,unit,occurredAt,attributes.", "/attributes. invalid_header")]
    [InlineData("idempotencyKey,provider,metric,quantity,unit,occurredAt,unit", "/unit invalid_header")]
    [InlineData("idempotencyKey,provider,metric,quantity,unit,occurredAt,", "/ invalid_header")]
    [InlineData("idempotencyKey;provider;metric;quantity;unit;occurredAt", null)]
    [InlineData("provider,metric,quantity,unit,occurredAt", "/idempotencyKey invalid_header")]
    public async Task A_header_that_is_not_understood_refuses_the_file(string header, string? problem)
    {
        var items = await Files.ReadAsync(ImportFormat.Csv, $"{header}\n{Row}\n{Row}");

        items.Count.ShouldBe(1);
        items[0].Line.ShouldBe(1);
        items[0].Usage.Record.ShouldBeNull();
        if (problem is not null)
        {
            items.Told().ShouldBe(["1 " + problem]);
        }
    }

    [Fact]
    public async Task A_quote_left_open_does_not_swallow_the_file()
    {
        var rest = string.Concat(Enumerable.Repeat(Row + "\n", 60_000));

        var items = await Files.ReadAsync(ImportFormat.Csv, $"{Header}\n{Row}\n\"k-1,{rest}");

        items.Told().ShouldBe(["2 taken", "3 line_too_long"]);
    }

    [Fact]
    public async Task A_short_file_with_a_quote_left_open_is_refused_there() =>
        (await Files.ReadAsync(ImportFormat.Csv, $"{Header}\n{Row}\n\"k-1,{Row}\n")).Told().ShouldBe(["2 taken", "3 invalid_row"]);

    [Fact]
    public async Task A_row_that_is_not_UTF_8_is_refused_by_itself()
    {
        byte[] file = [.. Encoding.UTF8.GetBytes($"{Header}\n"), 0xFF, .. Encoding.UTF8.GetBytes($"{Row}\n{Row}")];

        (await Files.ReadAsync(ImportFormat.Csv, file)).Told().ShouldBe(["2 invalid_utf8", "3 taken"]);
    }

    [Fact]
    public async Task An_empty_file_holds_nothing()
    {
        (await Files.ReadAsync(ImportFormat.Csv, "")).ShouldBeEmpty();
        (await Files.ReadAsync(ImportFormat.Csv, Header)).ShouldBeEmpty();
    }
}
