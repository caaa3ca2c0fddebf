using System.Text;
using UsageLedger.Importing;
using UsageLedger.Specs.Recording;

namespace UsageLedger.Specs.Importing;

public sealed class NdjsonFileSpecs
{
    [Fact]
    public async Task Lines_are_numbered_as_an_editor_counts_them()
    {
        var items = await Files.ReadAsync(ImportFormat.Ndjson, $"\uFEFF{Bodies.Call}\r\n\n{{\n  \n{Bodies.With("quantity", "-1")}\n{Bodies.Call}");

        items.Told().ShouldBe(["1 taken", "3 invalid_json", "5 /quantity negative_quantity", "6 taken"]);
    }

    [Fact]
    public async Task A_line_beyond_a_mebibyte_is_passed_over()
    {
        var text = $"{Bodies.Call}\n{new string('x', 5_000_000)}\n{Bodies.Call}\n{new string('y', 1024 * 1024)}\n{new string('z', 1024 * 1024 + 1)}";

        (await Files.ReadAsync(ImportFormat.Ndjson, text)).Told()
            .ShouldBe(["1 taken", "2 line_too_long", "3 taken", "4 invalid_json", "5 line_too_long"]);
    }

    [Fact]
    public async Task A_line_that_is_not_UTF_8_is_refused_by_itself()
    {
        byte[] file = [.. Encoding.UTF8.GetBytes(Bodies.Call + "\n"), 0xFF, (byte)'\n', .. Encoding.UTF8.GetBytes(Bodies.Call)];

        (await Files.ReadAsync(ImportFormat.Ndjson, file)).Told().ShouldBe(["1 taken", "2 invalid_utf8", "3 taken"]);
    }

    [Fact]
    public async Task An_empty_file_holds_nothing() => (await Files.ReadAsync(ImportFormat.Ndjson, "")).ShouldBeEmpty();

    [Fact]
    public async Task The_command_line_fills_in_where_a_record_is_silent()
    {
        var defaults = ImportUsage.DefaultsOf("azure", "contoso", new Dictionary<string, decimal> { ["call.seconds"] = 0.01m }, revision: true);
        var lines = string.Join('\n', Bodies.Call, Bodies.With("clientId", "\"fabrikam\""), Bodies.With("cost", "7"), Bodies.With("unitCost", "2"), Bodies.With("metric", "\"other\""));

        var items = await Files.ReadAsync(ImportFormat.Ndjson, lines, defaults);

        items.ShouldAllBe(item => item.Usage.Revision);
        items.Records().Select(record => (record.Source, record.ClientId, record.UnitCost, record.Cost)).ShouldBe(
        [
            ("azure", "contoso", 0.01m, 0.61m), ("azure", "fabrikam", 0.01m, 0.61m), ("azure", "contoso", null, 7m),
            ("azure", "contoso", 2m, 122m), ("azure", "contoso", null, null)
        ]);
    }

    [Fact]
    public async Task A_record_that_names_another_source_is_refused()
    {
        var lines = Bodies.With("source", "\"azure\"") + "\n" + Bodies.With("source", "\"retell\"");

        (await Files.ReadAsync(ImportFormat.Ndjson, lines)).Told().ShouldBe(["1 taken", "2 /source other_source"]);
    }

    [Fact]
    public async Task Long_files_come_in_batches()
    {
        var lines = string.Join('\n', Enumerable.Repeat(Bodies.Call, 12_001));

        (await Files.ReadAsync(ImportFormat.Ndjson, lines)).Count.ShouldBe(12_001);
    }
}
