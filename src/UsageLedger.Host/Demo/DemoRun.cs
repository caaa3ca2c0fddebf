using Npgsql;
using Spectre.Console;

namespace UsageLedger.Host.Demo;

/// <summary>What every step of the demo works with.</summary>
/// <param name="Reporter">Speaks with a key that may only record.</param>
/// <param name="Office">Speaks with a key that configures, collects, reads and audits.</param>
/// <param name="Services">Of the server: for what it does by itself once an hour.</param>
internal sealed record DemoRun(
    LedgerSettings Settings, NpgsqlDataSource Database, Uri Server, DemoHttp Reporter, DemoHttp Office, DemoMonth Month, DemoVendors Vendors, DemoPage Page, IServiceProvider Services)
{
    public const string Tenant = "demo";

    public IReadOnlyList<DemoClient> Clients { get; } = DemoClient.All(Vendors.World.Directory);

    /// <summary>Its last month is closed in the end.</summary>
    public DemoClient First => Clients[0];

    /// <summary>The position up to which a read must have come to see all that was recorded.</summary>
    public long Recorded { get; set; }

    public void Saw(DemoAnswer answer) => Recorded = Math.Max(Recorded, answer.Position);

    /// <summary>Says that something holds, or ends the demo with what does not.</summary>
    public void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new DemoFailedException($"This does not hold: {what}");
        }

        Page.Line($"holds: {what}");
    }

    public static Table Columns(params ReadOnlySpan<string> names)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var name in names)
        {
            table.AddColumn(new TableColumn(name.TrimStart('>')) { NoWrap = true, Alignment = name.StartsWith('>') ? Justify.Right : Justify.Left });
        }

        return table;
    }
}
